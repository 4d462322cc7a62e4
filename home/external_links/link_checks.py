"""A look at a link of another site: politely, as its robots.txt asks."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import md5
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.core.cache import cache
from django.utils import timezone

from home.external_links.fetching import USER_AGENT, FetchError, Reason, fetch
from home.models import ExternalLink

__all__ = ["Finding", "Look", "look_at_some"]

# Links of one run, of as many sites, and seconds after which none more is begun: another run comes in a
# minute, and what else the scheduler does must not wait for this one.
MOST = 10
LONGEST = 30
# Seconds for one link with its robots.txt, and between two questions to one site.
SECONDS = 15
PAUSE = 1
# What is kept of a robots.txt, in bytes, and for how long, in seconds.
LARGEST_ROBOTS = 512 * 1024
ROBOTS_LAST = 24 * 3600


@dataclass(frozen=True)
class Finding:
    """
    What a look at a link found.

    :param reason: what is wrong; empty if it works.
    :param retry_after: how long the other site wants to be left alone.
    """

    reason: str = ""
    retry_after: timedelta = timedelta()
    moved_to: str = ""


def look_at_some():
    """
    Look at some of the links that are due.

    :returns: how many.
    """
    end = time.monotonic() + LONGEST
    count = 0
    for link in ExternalLink.objects.due(timezone.now(), MOST):
        if time.monotonic() > end:
            break
        if link.claim(timezone.now()):
            link.keep(Look(link.url).finding(), timezone.now())
            count += 1
    return count


class Look:
    """The questions to one or more sites that one link leads to."""

    def __init__(self, url):
        self.url = url
        self.end = time.monotonic() + SECONDS
        self.asked_at = {}

    def finding(self):
        """What is found; HEAD asks for no text, but some sites answer it with an error that is none."""
        try:
            answer = self._ask("HEAD")
            if answer is None or (answer.status >= 400 and not is_busy(answer)):
                answer = self._ask("GET")
        except FetchError as error:
            return Finding(error.reason)
        reason = reason_of(answer)
        return Finding(reason, retry_after(answer), "" if reason else answer.moved_to)

    def _ask(self, method):
        try:
            return fetch(self.url, method, self._seconds(), before_hop=self._before_hop)
        except FetchError as error:
            if method == "HEAD" and error.reason == Reason.BROKEN:
                return None
            raise

    def _seconds(self):
        return self.end - time.monotonic()

    def _before_hop(self, url):
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if not self._robots_of(origin).can_fetch(USER_AGENT, url):
            raise FetchError(Reason.ROBOTS)
        self._wait_for(origin)

    def _wait_for(self, origin):
        wait = self.asked_at.get(origin, 0) + PAUSE - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.asked_at[origin] = time.monotonic()

    def _robots_of(self, origin):
        key = f"robots:{md5(origin.encode(), usedforsecurity=False).hexdigest()}"
        text = cache.get(key)
        if text is None:
            self._wait_for(origin)
            text = self._fetch_robots(origin)
            cache.set(key, text, ROBOTS_LAST)
        robots = RobotFileParser()
        with suppress(ValueError):  # A line that is no address.
            robots.parse(text.splitlines())
        return robots

    def _fetch_robots(self, origin):
        """The text of a robots.txt; nothing, which allows all, where there is none."""
        try:
            answer = fetch(f"{origin}/robots.txt", "GET", self._seconds(), LARGEST_ROBOTS)
        except FetchError as error:
            if error.reason in (Reason.LOOP, Reason.LARGE):
                return ""
            raise
        if is_busy(answer) or answer.status >= 500:
            raise FetchError(Reason.BUSY)
        return answer.content.decode(errors="replace")


def is_busy(answer):
    return answer.status in (429, 503)


def reason_of(answer):
    """What is wrong by the status of an answer; empty if nothing is."""
    if answer.status < 400:
        return ""
    if is_busy(answer):
        return Reason.BUSY
    if answer.status in (404, 410):
        return Reason.GONE
    return Reason.ERROR if answer.status >= 500 else Reason.CLOSED


def retry_after(answer):
    """How long an answer asks to wait, in seconds or until a date; no time if it does not say."""
    value = answer.headers.get("Retry-After", "")[:100]
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value), 10**6))
    try:
        date = parsedate_to_datetime(value)
    except (OverflowError, ValueError):
        return timedelta()
    return max((date if date.tzinfo else date.replace(tzinfo=UTC)) - datetime.now(UTC), timedelta())
