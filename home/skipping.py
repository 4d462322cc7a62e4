"""Skip items that fail, and go on with the rest."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

# Whether something was left out of the current response that may be there the next time.
is_incomplete = ContextVar("is_incomplete", default=False)


@contextmanager
def skipping(what, level=logging.WARNING, logger=logger):
    """
    Suppress any error of the block, and log its type but no content, which may be personal. Errors of the
    database connection are raised, since otherwise every item would be skipped.
    """
    try:
        yield
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        is_incomplete.set(True)
        logger.log(level, "%s was skipped: %s", what, type(error).__name__)


def each_made(make, things, kind=None):
    """
    Yield `make(thing)` for each thing, and skip those for which it fails or returns None.

    :param kind: what the log calls a thing, if not by its type.
    """
    for thing in things:
        made = None
        # A plain page knows its type.
        model = getattr(thing, "specific_class", None) or type(thing)
        with skipping(f"{kind or model.__name__} {getattr(thing, 'pk', '')}"):
            made = make(thing)
        if made is not None:
            yield made
