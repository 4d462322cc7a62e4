"""What the helpers of the site, the worker for tasks and the scheduler, have in common: they go on."""

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error, OperationalError, close_old_connections

from home.supervision import Backoff

logger = logging.getLogger(__name__)

HELPERS = ("worker", "scheduler")
# Seconds after which a helper that was not heard of is late. A task or a job may take minutes.
LATE = 10 * 60


def keep_going(helper, work):
    """
    Work again and again. What fails is logged and tried again, later each time.

    :param work: does one round; returns whether there is to be another.
    """
    backoff, again = Backoff(), True
    while again:
        try:
            again = work()
        except Exception as error:
            seconds = backoff.next()
            log_failure(logger, f"The {helper} failed and goes on in {seconds} s", error)
            with suppress(Error):
                close_old_connections()
            time.sleep(seconds)
        else:
            beat(helper)
            backoff.reset()


def log_failure(log, words, error):
    """Log a fault, with its traceback unless it is that the database is out of reach."""
    log.error("%s: %s", words, error, exc_info=not isinstance(error, OperationalError))


def beat(helper):
    """Note that a helper is at work; in a file, since the database may be out of reach. Never fails."""
    path = _beat_of(helper)
    try:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    except OSError as error:
        logger.warning("Can't note that the %s is at work: %s", helper, error)


def late_helpers():
    """Sentences about the helpers that were not heard of for long."""
    for helper in HELPERS:
        try:
            seconds = time.time() - _beat_of(helper).stat().st_mtime
        except OSError:
            yield f"The {helper} was never heard of."
        else:
            if seconds > LATE:
                yield f"The {helper} was last heard of {seconds // 60:.0f} minutes ago."


def _beat_of(helper):
    return settings.DATA_DIR / "helpers" / helper
