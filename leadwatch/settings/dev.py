"""For work on the site, and for `make run`."""

from leadwatch.settings.base import *

DEBUG = True
if not ENVIRONMENT.email:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
