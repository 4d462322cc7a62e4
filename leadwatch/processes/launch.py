"""Choose the settings for each process of the site, before Django is set up."""

import os
from pathlib import Path

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from leadwatch import data_folder

# The environment file of a production site, in the project's folder.
ENVIRONMENT_FILE = Path(__file__).resolve().parents[2] / "production.env"
DEVELOPMENT, PRODUCTION = "leadwatch.settings.dev", "leadwatch.settings.production"

# Commands that run until they are stopped.
SERVING = {"db_worker", "run_site", "runserver", "scheduler"}
# Commands that change nothing on a site.
HARMLESS = {"backup", "check", "compilemessages", "help", "makemessages", "makemigrations", "version"}


def choose_settings(default=None):
    """
    Set DJANGO_SETTINGS_MODULE unless it is set: to `default`, or else to production if there is a
    production.env or a SECRET_KEY, or else to development. Read production.env for production.
    """
    is_production = ENVIRONMENT_FILE.is_file() or os.environ.get("SECRET_KEY")
    chosen = default or (PRODUCTION if is_production else DEVELOPMENT)
    if os.environ.setdefault("DJANGO_SETTINGS_MODULE", chosen) == PRODUCTION:
        # Variables that are already set take precedence.
        environ.Env.read_env(ENVIRONMENT_FILE)


def prepare(command):
    """
    Lock the data folder if the command serves the site.

    :raises ImproperlyConfigured: if a production site uses the data folder, but this command would use
        development settings, so that visitors would not see its changes.
    """
    module = os.environ["DJANGO_SETTINGS_MODULE"]
    if module == DEVELOPMENT and command not in HARMLESS:
        in_use = data_folder.settings_in_use(settings.DATA_DIR)
        if in_use and in_use != DEVELOPMENT:
            raise ImproperlyConfigured(
                f"A site runs on {settings.DATA_DIR} with {in_use}, and this command would use "
                f"{DEVELOPMENT}. Put the site's variables into {ENVIRONMENT_FILE}, or stop the site."
            )
    if command in SERVING:
        data_folder.hold(settings.DATA_DIR, module)
