"""Common settings. dev.py, production.py and test.py change some."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from home.files.kinds import KINDS
from leadwatch import data_folder
from leadwatch.backups.schemas import is_switched
from leadwatch.policies import allow_from_elsewhere
from leadwatch.settings import environment

BASE_DIR = environment.BASE_DIR
ENVIRONMENT = environment.read()
DATA_DIR = ENVIRONMENT.data_dir
data_folder.make_private(DATA_DIR)
data_folder.recover(DATA_DIR, partial(is_switched, ENVIRONMENT.database))
BASE_URL = ENVIRONMENT.base_url

SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
DEBUG = False

INSTALLED_APPS = [
    "leadwatch",
    "search",
    "timeline",
    "concerns",
    "home",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "leadwatch.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "leadwatch.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "leadwatch.middleware.PathLocaleMiddleware",
    "leadwatch.middleware.ErrorPageMiddleware",
    "home.middleware.TextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "home.accounts.middleware.SecondFactorMiddleware",
    "home.accounts.sessions.SessionMiddleware",
    "home.accounts.doors.ThrottleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "leadwatch.page_cache.middleware.keep_small_results",
    "home.middleware.RefusalMiddleware",
    "home.middleware.BadRequestMiddleware",
    "home.addresses.moves.RedirectMiddleware",
]

ROOT_URLCONF = "leadwatch.urls"
WSGI_APPLICATION = "leadwatch.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Production has a folder for the links of leadwatch/page_cache/version_link.py.
VERSION_DIR = None
NGINX_KEEPS_PAGES = False
# The caches in front of the site that it empties after each change, as Wagtail's backends.
WAGTAILFRONTENDCACHE = {}
DATABASES = {"default": ENVIRONMENT.database}
CACHES = {"default": ENVIRONMENT.cache or {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Users

AUTH_USER_MODEL = "home.User"
PASSWORDS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{PASSWORDS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{PASSWORDS}.CommonPasswordValidator"},
    {"NAME": f"{PASSWORDS}.NumericPasswordValidator"},
    # It knows words like the person's name, too.
    {"NAME": "home.accounts.passwords.GuessValidator"},
    {"NAME": "home.accounts.log.PasswordLog"},
]
# Seconds after which a session expires if nothing is written to it. home/accounts/sessions.py is stricter.
SESSION_COOKIE_AGE = 12 * 3600
# For links to choose a password. Several texts name the three days.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "/"
# Whether people who may publish need a code besides their password.
SECOND_FACTOR_REQUIRED = ENVIRONMENT.is_https
# home/accounts/throttle.py counts wrong codes.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
# Number of proxies in front of the site that append the visitor's address to X-Forwarded-For.
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
# The second one rewords messages of Wagtail.
FORMAT_MODULE_PATH = "leadwatch.formats"
LOCALE_PATHS = [BASE_DIR / "leadwatch" / "locale", BASE_DIR / "leadwatch" / "wagtail_locale"]
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "America/New_York"
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.static_dir
STATICFILES_DIRS = [BASE_DIR / "leadwatch" / "static"]
STATICFILES_FINDERS = [
    "leadwatch.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_ADD_HEADERS_FUNCTION = allow_from_elsewhere
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
# Not options of the storage: Wagtail writes those into its tasks, and so into the database.
vars().update(ENVIRONMENT.bucket)
STORAGES = {
    "default": {
        "BACKEND": "leadwatch.media.bucket.Bucket"
        if ENVIRONMENT.bucket
        else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# By default, Django makes uploads readable for all users of the machine, whatever the umask.
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # A page with many blocks has many fields.

# Security

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.is_https
SECURE_SSL_REDIRECT = ENVIRONMENT.is_https
# leadwatch/policies.py sets these for each route.
SECURE_REFERRER_POLICY = None
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Until the browser is closed. By default, it would show for a year that somebody opened a form here.
CSRF_COOKIE_AGE = None
if ENVIRONMENT.is_https:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    MESSAGE_STORAGE = "leadwatch.message_cookie.Storage"
    CSRF_TRUSTED_ORIGINS = [BASE_URL]

# Mail

EMAIL_TIMEOUT = 10  # Seconds.
vars().update(ENVIRONMENT.email)
# Mails are stored in the database. The scheduler sends them with this backend.
MAIL_TRANSPORT = ENVIRONMENT.email.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"leadwatch@{BASE_URL.split('/')[2].partition(':')[0]}"

# Wagtail

WAGTAIL_SITE_NAME = OTP_TOTP_ISSUER = "New Haven LEAD Watch"
WAGTAILADMIN_BASE_URL = BASE_URL
# Nobody makes up a password for somebody else.
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "home.mail.password_reset.EvenPasswordResetForm"
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "home.blocks.rich_text.RichTextArea"}}
WAGTAILIMAGES_IMAGE_MODEL = "home.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.admin.files.uploads.SiteImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
# Larger images are scaled down.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 10_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "avif", "webp": "webp"}
WAGTAILDOCS_DOCUMENT_MODEL = "home.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.admin.files.uploads.SiteDocumentForm"
WAGTAILDOCS_EXTENSIONS = list(KINDS)
WAGTAILDOCS_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "wagtailcore/password_required.html"
# With a cluster, the index in the database counts the matches, and takes over if the cluster fails.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}
if ENVIRONMENT.search:
    WAGTAILSEARCH_BACKENDS = {
        "default": ENVIRONMENT.search,
        "index": WAGTAILSEARCH_BACKENDS["default"] | {"AUTO_UPDATE": False},
    }
# The contact form accepts no more messages than this until some are deleted.
MOST_MESSAGES = 2000
# Whether to count searches that find nothing after the response, in a thread.
COUNT_IN_BACKGROUND = True
# Whether the scheduler checks links to other sites.
CHECK_LINKS = ENVIRONMENT.check_links
# Whether it keeps copies of what sources cite.
KEEP_COPIES = ENVIRONMENT.keep_copies
# The key for the service that may begin translations; empty if there is none.
DEEPL_API_KEY = ENVIRONMENT.deepl_api_key
# Milliseconds without typing. Autosaves of one person in one open form are one revision.
WAGTAIL_AUTOSAVE_INTERVAL = 5000
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "home.admin.guards.approval.publish_approved"
# The admin sends no requests to other sites.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Log lines contain an ID of the request, but no IP address, no user agent, and nothing that a visitor typed
# (leadwatch/logs.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "leadwatch.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # A logger without handlers would print to standard error.
        "null": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Each change logs a line with a title, which may be that of a draft. The audit log has it, too.
        "wagtail": {"level": "WARNING"},
        # Each task logs its start and its end.
        "django_tasks": {"level": "WARNING"},
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Omit warnings such as "Not Found", which contain made-up paths.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "propagate": False},
        # gunicorn sets up its log before it loads the site. Give its lines our format.
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # Anybody can send an invalid host. Not worth a line.
        "django.security.DisallowedHost": {"handlers": ["null"], "propagate": False},
    },
}
