"""Check whether a link to another site works, as the site's robots.txt allows."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.core.cache import cache

from home.external_links.fetching import USER_AGENT, FetchError, Reason, fetch
from home.text import fingerprint

# Seconds for one link, including robots.txt.
TIME_LIMIT = 15
# Seconds between two requests to the same site.
PAUSE = 1
LARGEST_ROBOTS_TXT = 512 * 1024
# Seconds for which a robots.txt is cached.
ROBOTS_TXT_LIFETIME = 24 * 3600


@dataclass(frozen=True)
class CheckResult:
    reason: str = ""  # Empty if the link works.
    retry_after: timedelta = timedelta()  # How long the site asked us to wait.
    moved_to: str = ""  # The new address, if the site says that the page has moved permanently.


class LinkCheck:
    """The requests that checking one link takes, to one or more sites."""

    def __init__(self, url):
        self.url = url
        self.end = time.monotonic() + TIME_LIMIT
        self.last_request = {}

    def run(self):
        """Send a HEAD request, then a GET if it failed: some sites answer only HEAD with an error."""
        try:
            response = self._request("HEAD")
            if response is None or (response.status >= 400 and not is_busy(response)):
                response = self._request("GET")
        except FetchError as error:
            return CheckResult(error.reason)
        reason = reason_for(response)
        return CheckResult(reason, retry_after(response), "" if reason else response.moved_to)

    def _request(self, method):
        try:
            return fetch(self.url, method, self._seconds_left(), before_hop=self._before_hop)
        except FetchError as error:
            if method == "HEAD" and error.reason == Reason.BROKEN:
                return None
            raise

    def _seconds_left(self):
        return self.end - time.monotonic()

    def _before_hop(self, url):
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if not self._robots_txt(origin).can_fetch(USER_AGENT, url):
            raise FetchError(Reason.ROBOTS)
        self._pause(origin)

    def _pause(self, origin):
        wait = self.last_request.get(origin, 0) + PAUSE - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.last_request[origin] = time.monotonic()

    def _robots_txt(self, origin):
        key = f"robots:{fingerprint(origin)}"
        text = cache.get(key)
        if text is None:
            self._pause(origin)
            text = self._fetch_robots_txt(origin)
            cache.set(key, text, ROBOTS_TXT_LIFETIME)
        robots = RobotFileParser()
        with suppress(ValueError):  # Raised for a malformed address.
            robots.parse(text.splitlines())
        return robots

    def _fetch_robots_txt(self, origin):
        """Return the text of a robots.txt; empty, which allows everything, if there is none."""
        try:
            response = fetch(f"{origin}/robots.txt", "GET", self._seconds_left(), LARGEST_ROBOTS_TXT)
        except FetchError as error:
            if error.reason in (Reason.LOOP, Reason.LARGE):
                return ""
            raise
        if is_busy(response) or response.status >= 500:
            raise FetchError(Reason.BUSY)
        return response.content.decode(errors="replace")


def is_busy(response):
    return response.status in (429, 503)


def reason_for(response):
    if response.status < 400:
        return ""
    if is_busy(response):
        return Reason.BUSY
    if response.status in (404, 410):
        return Reason.GONE
    return Reason.ERROR if response.status >= 500 else Reason.CLOSED


def retry_after(response):
    """Return the wait that the Retry-After header asks for, in seconds or until a date; zero without one."""
    value = response.headers.get("Retry-After", "")[:100]
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value), 10**6))
    try:
        date = parsedate_to_datetime(value)
    except (OverflowError, ValueError):
        return timedelta()
    return max((date if date.tzinfo else date.replace(tzinfo=UTC)) - datetime.now(UTC), timedelta())
