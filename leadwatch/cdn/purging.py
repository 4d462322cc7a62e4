"""
Empty the cache in front of the site after each change of the content, and each start of the web server.

A change of one page shows in many others: lists, menus, feeds, the sitemap. So everything goes, as in nginx.
"""

import logging
import time

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import get_backends

from leadwatch.cdn.backends import PurgeError
from leadwatch.logs import named
from leadwatch.page_cache import version_link
from leadwatch.processes.supervision import backoff

logger = logging.getLogger(__name__)

# Seconds from one purge to the next. A page that was on its way during the change may reach the cache after
# the first purge, so each change gets a second one.
PAUSE = 10
# Seconds after a change from which on something is wrong.
LATE = 120
# What follows the version in the file after the first purge.
ONCE = " once"


class Purger:
    """Compares the version of the content with the one for which the cache was emptied last."""

    def __init__(self):
        self.retry, self.pauses = 0, backoff()

    def look(self):
        """Empty the cache if it is due. Never fails."""
        try:
            wanted, (purged, seconds) = version_link.current(), last_purge()
            # The clock may have been set back.
            is_resting = 0 <= seconds < PAUSE or time.monotonic() < self.retry
            if wanted and purged != wanted and not is_resting:
                for backend in get_backends().values():
                    backend.purge(f"{settings.BASE_URL}/*")
                state().write_text(wanted if purged == wanted + ONCE else wanted + ONCE)
                self.pauses = backoff()
        except Exception as error:
            # Each client has errors of its own. Their messages may contain a token, except for ours.
            reason = str(error) if isinstance(error, PurgeError) else named(error)
            self.retry = time.monotonic() + (pause := next(self.pauses))
            words = "The cache in front of the site could not be emptied (%s). The next attempt is in %s s."
            logger.error(words, reason, pause)


def is_late():
    """Return whether the cache in front of the site should have been emptied long ago."""
    if not settings.WAGTAILFRONTENDCACHE or not (wanted := version_link.current()):
        return False
    return last_purge()[0].removesuffix(ONCE) != wanted and version_link.age() > LATE


def last_purge():
    """Return the version for which the cache was emptied last, and the seconds since then."""
    try:
        return state().read_text(), time.time() - state().stat().st_mtime
    except FileNotFoundError:
        return "", PAUSE


def state():
    return settings.VERSION_DIR / "purged"
