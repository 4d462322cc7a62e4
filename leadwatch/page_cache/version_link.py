"""
Links that name the version of the content, for nginx's cache and for when the database is unavailable.

nginx resolves `current` for the key of each page in its cache (deploy/nginx.conf). So when the link moves,
all of nginx's processes ask the site again. `previous` names a version whose pages may be shown if everything
fails right after a change, when few pages of the new version are in the cache.
"""

import fcntl
import logging
import os
import time
from contextlib import contextmanager, suppress
from types import SimpleNamespace

from django.conf import settings
from django.db import Error, connection

from leadwatch.logs import named

logger = logging.getLogger(__name__)

CURRENT, PREVIOUS = "current", "previous"
# Seconds that a version must have stood to become the previous one: by then, readers have filled the cache.
SETTLED = 60
# Seconds after a change for which the previous version stays. What was withdrawn must not come back later.
FALLBACK = 3600

# Whether the last attempt in this process failed. Only the first failure is logged.
trouble = SimpleNamespace(is_known=False)


def follow(read_version, is_new_server=False):
    """
    Make the link name the version in the database, and return whether it does. Never fails.

    The link also names a start of the web server, since another release or other settings change pages, too.

    :param is_new_server: whether the web server was just started.
    """
    try:
        with _alone():
            return _follow(read_version, is_new_server)
    except OSError as error:
        if not trouble.is_known:
            logger.error("The link to the version can't be moved, so nginx keeps no pages: %s", named(error))
        trouble.is_known = True
        return False


def last_versions():
    """Return the current version and the previous one, as far as the links name them."""
    if not settings.VERSION_DIR:
        return []
    return [name.partition("-")[2] for name in map(_target, (CURRENT, PREVIOUS)) if name]


def current():
    """Return the name of the current version and start of the web server; empty if there is none."""
    return _target(CURRENT)


def age():
    """Return the seconds since the current version was first seen."""
    return time.time() - (settings.VERSION_DIR / CURRENT).lstat().st_mtime


def is_open():
    """Return whether other users, such as nginx's, may follow the link."""
    return all(path.stat().st_mode & 0o001 for path in (settings.VERSION_DIR, *settings.VERSION_DIR.parents))


def _follow(read_version, is_new_server):
    before, is_known = _target(CURRENT), True
    start, _dash, version = before.partition("-")
    try:
        version = read_version()
    except Error:
        connection.close()
        is_known = False
    if is_new_server or not start:
        start = f"{time.time_ns():x}"
    # Without a version, nginx keeps nothing.
    wanted = f"{start}-{version}" if version else ""
    if wanted != before:
        _move(before, wanted)
    elif wanted and age() > FALLBACK:
        (settings.VERSION_DIR / PREVIOUS).unlink(missing_ok=True)
    trouble.is_known = False
    return is_known


def _move(before, wanted):
    folder = settings.VERSION_DIR
    try:
        if before and age() >= SETTLED:
            _point(PREVIOUS, before)
        if wanted:
            _make(folder / wanted)
            _point(CURRENT, wanted)
        else:
            (folder / CURRENT).unlink(missing_ok=True)
    except OSError:
        # On a full disk, for instance, a link that names no version is better than one that names an old one.
        (folder / CURRENT).unlink(missing_ok=True)
        raise
    with suppress(OSError):
        for path in folder.iterdir():
            if "-" in path.name and path.name not in {wanted, _target(PREVIOUS)}:
                path.rmdir()


def _make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    if settings.NGINX_KEEPS_PAGES:
        # nginx's processes run as another user.
        folder.chmod(0o755)


def _point(name, target):
    new = settings.VERSION_DIR / f"{name}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.rename(settings.VERSION_DIR / name)


def _target(name):
    """Return what a link names, or an empty string."""
    try:
        return os.readlink(settings.VERSION_DIR / name)
    except OSError:
        return ""


@contextmanager
def _alone():
    """Keep other processes out, so that nobody moves the link back to a version that was read earlier."""
    if not settings.VERSION_DIR.is_dir():
        _make(settings.VERSION_DIR)
    with (settings.VERSION_DIR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
