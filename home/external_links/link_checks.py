"""Check whether a link to another site works, as the site's robots.txt allows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from home.external_links.fetching import FetchError, Reason
from home.external_links.visiting import Visit, is_busy, reason_for

# Seconds for one link, including robots.txt.
TIME_LIMIT = 15


@dataclass(frozen=True)
class CheckResult:
    reason: str = ""  # Empty if the link works.
    retry_after: timedelta = timedelta()  # How long the site asked us to wait.
    moved_to: str = ""  # The new address, if the site says that the page has moved permanently.


class LinkCheck:
    """The requests that checking one link takes, to one or more sites."""

    def __init__(self, url):
        self.url = url
        self.visit = Visit(TIME_LIMIT)

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
            return self.visit.fetch(self.url, method)
        except FetchError as error:
            if method == "HEAD" and error.reason == Reason.BROKEN:
                return None
            raise


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
