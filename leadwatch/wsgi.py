from django.conf import settings
from django.core.wsgi import get_wsgi_application

from leadwatch import data_folder
from leadwatch.processes import launch

launch.choose_settings(default=launch.PRODUCTION)

application = get_wsgi_application()

data_folder.hold(settings.DATA_DIR, settings.SETTINGS_MODULE)
