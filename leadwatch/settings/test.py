"""Settings for tests: no requests to other machines, and all data is temporary."""

import tempfile
import warnings
from pathlib import Path

from wagtail.utils.deprecation import removed_in_next_version_warning

from leadwatch.settings.base import *

# pytest turns deprecation warnings into errors. During setup, Wagtail's own filter would only print them.
warnings.simplefilter("error", removed_in_next_version_warning)

SECRET_KEY = "for-tests"
ALLOWED_HOSTS = ["*"]
# Removed when the process ends.
FOLDER = tempfile.TemporaryDirectory(prefix="leadwatch-test-")
DATA_DIR = Path(FOLDER.name)
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
# WhiteNoise would warn of a missing folder once per client.
STATIC_ROOT.mkdir()
if not ENVIRONMENT.database["ENGINE"].endswith("postgresql"):
    # A database in memory has one connection, and so one transaction, for all threads.
    DATABASES["default"] = ENVIRONMENT.database | {
        "NAME": DATA_DIR / "db.sqlite3",
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CHECK_LINKS = KEEP_COPIES = False
DEEPL_API_KEY = ""
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# A thread would not see the test's uncommitted data.
COUNT_IN_BACKGROUND = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
