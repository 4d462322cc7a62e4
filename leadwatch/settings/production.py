"""For the public. `make serve` uses it on this machine too."""

import logging

from leadwatch.settings.base import *

ENVIRONMENT = environment.read(production=True)

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Warnings go to the log, and a message that can't be formatted is dropped, not printed with its arguments.
logging.captureWarnings(True)
logging.raiseExceptions = False

# Public pages are the same for everybody, so each is made once after every change of content.
CACHES["default"] = ENVIRONMENT.cache or {
    "BACKEND": "leadwatch.page_cache.backends.FileCache",
    "LOCATION": DATA_DIR / "cache",
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
# Inside the middleware that compresses and compares, outside all that does work.
MIDDLEWARE.insert(
    MIDDLEWARE.index("leadwatch.middleware.PolicyMiddleware"),
    "leadwatch.page_cache.middleware.PublicCacheMiddleware",
)
