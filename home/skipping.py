"""Skip items that fail, and go on with the rest."""

import logging
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)


@contextmanager
def skipping(what, level=logging.WARNING, logger=logger):
    """
    Suppress and log any error of the block.

    The log has `what` and the type of the error, but no content, which may be personal. Errors of the
    database connection are raised, since otherwise every item would be skipped.
    """
    try:
        yield
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        logger.log(level, "%s was skipped: %s", what, type(error).__name__)


def each_made(make, things):
    """
    Yield `make(thing)` for each thing, and skip those for which it fails.

    A streamed response then doesn't break off in the middle.
    """
    for thing in things:
        made = None
        with skipping(f"{type(thing).__name__} {getattr(thing, 'pk', '')}"):
            made = make(thing)
        if made is not None:
            yield made
