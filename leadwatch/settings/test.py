"""For the tests: nothing leaves the process, and nothing is kept."""

import tempfile
from pathlib import Path

from leadwatch.settings.base import *

SECRET_KEY = "for-tests"
ALLOWED_HOSTS = ["*"]
DATA_DIR = Path(tempfile.mkdtemp(prefix="leadwatch-test-"))
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
if not ENVIRONMENT.database["ENGINE"].endswith("postgresql"):
    # The file is made by the test runner; without a name it would be in memory, which threads can't share.
    DATABASES["default"] = ENVIRONMENT.database | {"NAME": DATA_DIR / "db.sqlite3"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CHECK_LINKS = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
