"""Problems that only `manage.py doctor` looks for: in settings, files, the clock, and the mail server."""

import ctypes
import os
import pwd
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.mail import get_connection

from leadwatch.health.problems import Problem, is_public
from leadwatch.processes.launch import ENVIRONMENT_FILE

TIME_ERROR = 5  # The kernel's answer if nothing sets the clock.


def server_problems() -> Iterator[Problem]:
    yield from setting_problems()
    yield from owner_problems()
    yield from secret_problems()
    yield from clock_problems()


def setting_problems():
    for found in run_checks(include_deployment_checks=is_public()):
        if found.level >= WARNING and not found.is_silenced():
            yield Problem(
                f"{found.id}: {found.msg}", found.hint or "Change the settings, and restart the site."
            )


def owner_problems():
    """Find files that the site may not read or change, usually because a command was run as another user."""
    folder = settings.DATA_DIR
    owner = folder.stat().st_uid
    if os.geteuid() != owner:
        user = name_of(owner)
        yield Problem(
            f"This command runs as {name_of(os.geteuid())}, but the data folder {folder} belongs to {user}.",
            f"Run every command of the site as {user}: sudo -u {user} .venv/bin/python manage.py doctor",
        )
    foreign = [path for path in folder.rglob("*") if path.lstat().st_uid != owner]
    if foreign:
        yield Problem(
            f"{len(foreign)} files of the data folder belong to another user, such as {min(foreign)}.",
            f"Give them back: sudo chown -R {name_of(owner)}: {folder}",
        )


def name_of(user):
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def secret_problems():
    """Find files that other users of the machine can read."""
    for path in (settings.DATA_DIR / "db.sqlite3", ENVIRONMENT_FILE):
        if path.exists() and path.stat().st_mode & 0o007:
            yield Problem(f"Every user of this machine can open {path}.", f"Run: chmod o= {path}")


def clock_problems():
    """Ask the kernel whether a time server sets the clock. Codes from apps depend on it."""
    libc = ctypes.CDLL(None)
    # A structure of zeros asks, and changes nothing. It has about 200 bytes.
    asked = is_public() and hasattr(libc, "adjtimex") and libc.adjtimex(ctypes.create_string_buffer(1024))
    if asked == TIME_ERROR:
        yield Problem(
            "No time server sets the clock of this machine.",
            "If it is wrong by half a minute, nobody can sign in with a code. "
            "Install systemd-timesyncd, as deploy/install does. If it is there, see what "
            "“timedatectl timesync-status” says: a firewall may block its UDP port 123.",
        )


def mail_problems():
    """Connect to the mail server and sign in, without sending anything."""
    try:
        connection = get_connection(settings.MAIL_TRANSPORT)
        connection.open()
        connection.close()
    except Exception as error:
        yield Problem(
            f"The mail server can't be used: {error}",
            "Correct EMAIL_URL in production.env, and restart the site. Mails wait for three days.",
        )
