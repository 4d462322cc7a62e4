import gc

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from leadwatch import data_folder
from leadwatch.processes import launch
from leadwatch.request_headers import clean_headers

# Loading the site leaves no garbage to collect. LeadwatchConfig.ready() turns the collector on again.
gc.disable()
launch.choose_settings(default=launch.PRODUCTION)

site = get_wsgi_application()
if "leadwatch.page_cache.middleware.PublicCacheMiddleware" in settings.MIDDLEWARE:
    from leadwatch.page_cache.front import cached

    site = cached(site)


def application(environ, start_response):
    clean_headers(environ)
    return site(environ, start_response)


data_folder.hold(settings.DATA_DIR, settings.SETTINGS_MODULE)
