"""Leave out one item that fails, and go on with the rest."""

import logging
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

__all__ = ["each_made", "skipping"]

logger = logging.getLogger(__name__)


@contextmanager
def skipping(what, level=logging.WARNING, logger=logger):
    """
    Run the block of code; if it fails, log that and go on after it.

    The log has `what` and the type of the error, never any content, which may be about a person. A database
    that does not answer is raised: without it, everything would be left out.
    """
    try:
        yield
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        logger.log(level, "%s was skipped: %s", what, type(error).__name__)


def each_made(make, things):
    """
    What `make` gives for each thing, one at a time; those for which it fails are left out.

    A file that is sent in pieces can then not break off in the middle: a piece exists before it is sent.
    """
    for thing in things:
        made = None
        with skipping(f"{type(thing).__name__} {getattr(thing, 'pk', '')}"):
            made = make(thing)
        if made is not None:
            yield made
