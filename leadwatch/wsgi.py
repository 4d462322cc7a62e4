import os

from django.core.wsgi import get_wsgi_application

from leadwatch import data_folder, launch

launch.choose_settings(default=launch.PRODUCTION)

application = get_wsgi_application()


def hold_data_folder():
    from django.conf import settings

    data_folder.hold(settings.DATA_DIR, os.environ["DJANGO_SETTINGS_MODULE"])


hold_data_folder()
