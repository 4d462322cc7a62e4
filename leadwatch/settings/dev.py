"""Settings for development and `make run`."""

from leadwatch.settings.base import *

DEBUG = True
if not ENVIRONMENT.email:
    MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
