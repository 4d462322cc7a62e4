"""Requests to other sites that robots.txt allows, with pauses between two to the same site."""

import time
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from django.core.cache import cache

from home.external_links.fetching import USER_AGENT, FetchError, Reason, fetch
from home.text import fingerprint

# Seconds between two requests to the same site.
PAUSE = 1
LARGEST_ROBOTS_TXT = 512 * 1024
# Seconds for which a robots.txt is cached.
ROBOTS_TXT_LIFETIME = 24 * 3600


class Visit:
    """
    Requests for one purpose, to one or more sites.

    :param seconds: the time limit for all of them, including robots.txt and pauses.
    """

    def __init__(self, seconds, pause=None):
        self.end = time.monotonic() + seconds
        self.pause = PAUSE if pause is None else pause
        self.last_request = {}

    def fetch(self, url, method="GET", largest=0):
        return fetch(url, method, self.seconds_left(), largest, before_hop=self._before_hop)

    def seconds_left(self):
        return self.end - time.monotonic()

    def _before_hop(self, url):
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if not self._robots_txt(origin).can_fetch(USER_AGENT, url):
            raise FetchError(Reason.ROBOTS)
        self._wait(origin)

    def _wait(self, origin):
        wait = self.last_request.get(origin, 0) + self.pause - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.last_request[origin] = time.monotonic()

    def _robots_txt(self, origin):
        key = f"robots:{fingerprint(origin)}"
        text = cache.get(key)
        if text is None:
            self._wait(origin)
            text = self._fetch_robots_txt(origin)
            cache.set(key, text, ROBOTS_TXT_LIFETIME)
        robots = RobotFileParser()
        with suppress(ValueError):  # Raised for a malformed address.
            robots.parse(text.splitlines())
        return robots

    def _fetch_robots_txt(self, origin):
        """Return the text of a robots.txt; empty, which allows everything, if there is none."""
        try:
            response = fetch(f"{origin}/robots.txt", "GET", self.seconds_left(), LARGEST_ROBOTS_TXT)
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
    """Return why a response is of no use; empty if it is."""
    if response.status < 400:
        return ""
    if is_busy(response):
        return Reason.BUSY
    if response.status in (404, 410):
        return Reason.GONE
    return Reason.ERROR if response.status >= 500 else Reason.CLOSED
