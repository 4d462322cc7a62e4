"""Keep the worker and the scheduler running, and record when each was last at work."""

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error, OperationalError, close_old_connections
from django.utils.translation import gettext as _

from leadwatch.page_cache.versions import follow
from leadwatch.processes.supervision import backoff

logger = logging.getLogger(__name__)

PROCESSES = ("worker", "scheduler")
# Seconds without a sign of life after which a process is late. A task or a job may take minutes.
LATE = 10 * 60


def keep_going(process, work):
    """Call `work` until it returns False. Errors are logged, and pauses after them get longer."""
    pauses, again = backoff(), True
    while again:
        try:
            again = work()
        except Exception as error:
            seconds = next(pauses)
            log_failure(logger, f"The {process} failed and continues in {seconds} s", error)
            with suppress(Error):
                close_old_connections()
            time.sleep(seconds)
        else:
            beat(process)
            if settings.VERSION_DIR:
                follow()
            pauses = backoff()


def log_failure(log, words, error):
    """Log an error, with a traceback unless the database is unavailable."""
    log.error("%s: %s", words, error, exc_info=not isinstance(error, OperationalError))


def beat(process):
    """Record in a file that a process is at work, since the database may be unavailable. Never fails."""
    path = _beat_of(process)
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    except OSError as error:
        logger.warning("Can't record that the %s is running: %s", process, error)


def late_processes():
    """Yield a sentence about each process without a recent sign of life."""
    for process in PROCESSES:
        try:
            seconds = time.time() - _beat_of(process).stat().st_mtime
        except OSError:
            yield _("The %(process)s has never reported.") % {"process": process}
        else:
            if seconds > LATE:
                words = _("The %(process)s last reported %(minutes)s minutes ago.")
                yield words % {"process": process, "minutes": int(seconds // 60)}


def _beat_of(process):
    return settings.DATA_DIR / "background" / process
