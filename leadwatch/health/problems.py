"""Problems of the site, in fixed words that tell visitors nothing secret, and what to do about each."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from itertools import zip_longest

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leadwatch.backups import restic
from leadwatch.cdn import purging
from leadwatch.health.certificate import known_end
from leadwatch.page_cache import version_link
from leadwatch.page_cache.versions import follow
from leadwatch.processes.background import late_processes

# The free part of the disk below which something must be done.
LEAST_FREE = 0.1
# A backup a day, and half a day to make it.
OLDEST_BACKUP = timedelta(hours=36)
# The file that `manage.py backup` touches, and what is wrong if it is missing or old. The second is for sites
# that keep their backups in a second place, too.
BACKUPS = (
    ("complete", _("There is no complete backup."), _("The last complete backup is older than 36 hours.")),
    (
        "copied",
        _("There is no copy of the backups elsewhere."),
        _("The last copy of the backups elsewhere is older than 36 hours."),
    ),
)
# How long a new site needs no backup.
NEW = timedelta(days=2)
# Let's Encrypt's certificates are renewed 30 days before their end.
LEAST_CERTIFICATE = timedelta(days=14)


class Reach(IntEnum):
    """The parts of the site that a problem stops."""

    PAGES = 1
    BACKGROUND = 2
    # It works, but not for long, or not after the next fault.
    NOTHING_YET = 3


@dataclass(frozen=True)
class Problem:
    words: str | Promise
    # Empty if the next problem has the same.
    advice: str | Promise
    reach: Reach = Reach.NOTHING_YET


def problems() -> Iterator[Problem]:
    """Yield what is wrong, the worst first. Costs a few queries and no request to another machine."""
    found = [*database_problems(), *process_problems(), *disk_problems(), *frontend_problems()]
    if is_public():
        found += [*backup_problems(), *certificate_problems()]
    for problem, following in zip_longest(found, found[1:]):
        # The same advice is given once, after the last problem that it helps with.
        is_repeated = following and following.advice == problem.advice
        yield replace(problem, advice="") if is_repeated else problem


def is_public() -> bool:
    """Return whether this is a site on the internet, and not a trial."""
    return not settings.DEBUG and settings.BASE_URL.startswith("https://")


def database_problems():
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        yield Problem(
            _("The database is unavailable."),
            _("On the server, read the site's log, and check that the database runs and its disk works."),
            Reach.PAGES,
        )
    else:
        if missing:
            yield Problem(
                _("Migrations are missing."),
                _("On the server, run “manage.py migrate”, and restart the site."),
                Reach.PAGES,
            )
        if settings.NGINX_KEEPS_PAGES and not (follow() and version_link.is_open()):
            yield Problem(
                _("The web server in front can't see which pages are old."),
                _(
                    "So it shows every page as it was, or asks the site for each. On the server, check that "
                    "the folder VERSION_DIR belongs to the site’s user, and that everybody may open it."
                ),
                Reach.BACKGROUND,
            )


def process_problems():
    advice = _(
        "Without the worker, new files are not searchable. Without the scheduler, nothing is published on "
        "time, and no email is sent. On the server, read the log of the process, and restart it."
    )
    for sentence in late_processes():
        yield Problem(sentence, advice, Reach.BACKGROUND)


def disk_problems():
    if not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        yield Problem(
            _("The site can't write to its data folder."),
            _("Nothing can be saved. On the server, run “manage.py doctor”, and check that the disk works."),
        )
    disk = os.statvfs(settings.DATA_DIR)
    space = disk.f_bavail / (disk.f_blocks - disk.f_bfree + disk.f_bavail)
    # Some file systems have no limit of files.
    files = disk.f_favail / disk.f_files if disk.f_files else 1
    if min(space, files) < LEAST_FREE:
        yield Problem(
            _("Less than a tenth of the disk is free."),
            _(
                "When it is full, nothing can be saved. On the server, delete what nobody needs, such as old "
                "releases and the folder “before-restore”, or get a larger disk."
            ),
        )


def frontend_problems():
    if purging.is_late():
        yield Problem(
            _("The cache in front of the site can't be emptied."),
            _(
                "So visitors see changes up to a minute late. On the server, read the log of the scheduler, "
                "which says why, and check FRONTEND_CACHE_URL."
            ),
        )


def backup_problems():
    advice = _(
        "If the server is lost, so is all work that is not in a backup. On the server, run "
        "“manage.py backup”, and read what it says."
    )
    kinds = BACKUPS if restic.copies_elsewhere() else BACKUPS[:1]
    for name, missing, old in kinds:
        try:
            age = time.time() - (settings.DATA_DIR / "backups" / name).stat().st_mtime
        except OSError:
            if is_older_than(NEW):
                yield Problem(missing, advice)
        else:
            if age > OLDEST_BACKUP.total_seconds():
                yield Problem(old, advice)


def is_older_than(age):
    """Return whether the database was made that long ago. While it is unavailable, nobody knows."""
    try:
        begun = MigrationRecorder(connection).migration_qs.aggregate(begun=Min("applied"))["begun"]
    except Error:
        return False
    return begun is not None and timezone.now() - begun > age


def certificate_problems():
    end = known_end()
    if end and end - timezone.now() < LEAST_CERTIFICATE:
        yield Problem(
            _("The site's certificate ends in less than 14 days."),
            _(
                "After that, browsers warn every visitor. On the server, run “certbot renew”, read what it "
                "says, and reload nginx."
            ),
        )
