"""Keep the background processes, the worker and the scheduler, going, and tell when one was last at work."""

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error, OperationalError, close_old_connections

from leadwatch.processes.supervision import backoff

logger = logging.getLogger(__name__)

PROCESSES = ("worker", "scheduler")
# Seconds after which a process that gave no sign is late. A task or a job may take minutes.
LATE = 10 * 60


def keep_going(process, work):
    """
    Work again and again. What fails is logged and tried again, later each time.

    :param work: does one round; returns whether there is to be another.
    """
    pauses, again = backoff(), True
    while again:
        try:
            again = work()
        except Exception as error:
            seconds = next(pauses)
            log_failure(logger, f"The {process} failed and goes on in {seconds} s", error)
            with suppress(Error):
                close_old_connections()
            time.sleep(seconds)
        else:
            beat(process)
            pauses = backoff()


def log_failure(log, words, error):
    """Log a fault, with its traceback unless it is that the database is out of reach."""
    log.error("%s: %s", words, error, exc_info=not isinstance(error, OperationalError))


def beat(process):
    """Note that a process is at work: in a file, since the database may be out of reach. Never fails."""
    path = _beat_of(process)
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    except OSError as error:
        logger.warning("Can't note that the %s is at work: %s", process, error)


def late_processes():
    """Yield a sentence about each process that gave no sign for a long time."""
    for process in PROCESSES:
        try:
            seconds = time.time() - _beat_of(process).stat().st_mtime
        except OSError:
            yield f"The {process} was never heard of."
        else:
            if seconds > LATE:
                yield f"The {process} was last heard of {seconds // 60:.0f} minutes ago."


def _beat_of(process):
    return settings.DATA_DIR / "background" / process
