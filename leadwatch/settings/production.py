"""Settings for production and `make serve`."""

import logging

from leadwatch.settings.base import *

ENVIRONMENT = environment.read(production=True)

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    # PolicyMiddleware sends X-Frame-Options and Referrer-Policy, different ones for each route.
    "security.W002",
    "security.W022",
    # Preloading applies to the whole domain and can hardly be undone, so its owner should decide.
    "security.W021",
]

# Log warnings. Drop a message that can't be formatted, instead of printing its arguments.
logging.captureWarnings(True)
logging.raiseExceptions = False

# Public pages are the same for everybody, so each is rendered once after a change of content.
CACHES["default"] = ENVIRONMENT.cache or {
    "BACKEND": "leadwatch.page_cache.backends.FileCache",
    "LOCATION": DATA_DIR / "cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
MIDDLEWARE.insert(0, "leadwatch.page_cache.middleware.PublicCacheMiddleware")
# The folder with the link that tells nginx the version of the content. nginx keeps pages only if it is set.
VERSION_DIR = ENVIRONMENT.version_dir or DATA_DIR / "version"
NGINX_KEEPS_PAGES = ENVIRONMENT.version_dir is not None
WAGTAILFRONTENDCACHE = ENVIRONMENT.frontend_cache
