"""For the tests: nothing leaves the process, and nothing is kept."""

import tempfile
from pathlib import Path

from leadwatch.settings.base import *

SECRET_KEY = "for-tests"
ALLOWED_HOSTS = ["*"]
# Removed when the process ends.
FOLDER = tempfile.TemporaryDirectory(prefix="leadwatch-test-")
DATA_DIR = Path(FOLDER.name)
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
if not ENVIRONMENT.database["ENGINE"].endswith("postgresql"):
    # In memory it would have one connection for all threads, and so one transaction for all requests.
    DATABASES["default"] = ENVIRONMENT.database | {
        "NAME": DATA_DIR / "db.sqlite3",
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CHECK_LINKS = False
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# A thread would not see what a test has written.
COUNT_IN_BACKGROUND = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
