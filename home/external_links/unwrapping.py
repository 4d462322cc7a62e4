"""Unwrap addresses that lead through a program that tracks clicks or scans links."""

import re
from urllib.parse import parse_qs, urlsplit

# Host, path, and the names of the parameter that holds the address.
WRAPPERS = [
    (re.compile(r"(.+\.)?google\.[a-z]{2,3}(\.[a-z]{2})?"), "/url", ("q", "url")),
    (re.compile(r".+\.safelinks\.protection\.(outlook|office365)\.(com|us)"), "/", ("url",)),
    (re.compile(r"lm?\.(facebook|instagram)\.com"), "/", ("u",)),
    (re.compile(r"(www\.)?youtube\.com"), "/redirect", ("q",)),
]
MAX_WRAPPERS = 5


def unwrap_url(url):
    """Return the address that a tracking link leads to; any other address unchanged."""
    for _wrapper in range(MAX_WRAPPERS):
        target = _target(url)
        if not target:
            break
        url = target
    return url


def _target(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    name_of_host = parts.hostname or ""
    for host, path, names in WRAPPERS:
        if host.fullmatch(name_of_host) and parts.path.startswith(path):
            query = parse_qs(parts.query)
            targets = (query[name][0] for name in names if name in query)
            return next((target for target in targets if target.startswith(("http:", "https:"))), None)
    return None
