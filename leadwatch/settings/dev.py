"""Settings for development and `make run`."""

from leadwatch.settings.base import *

DEBUG = True
if not ENVIRONMENT.email:
    MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
# The server and the worker share a cache, as in production. In one of its own, the server would keep for an
# hour that there is no home page in a language whose pages the worker has just added.
CACHES["default"] = ENVIRONMENT.cache or {
    "BACKEND": "leadwatch.page_cache.backends.FileCache",
    "LOCATION": DATA_DIR / "cache",
}
