"""Entries of the page cache: what they contain, under which keys, and how they become responses again."""

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from leadwatch.policies import REVALIDATE

# Slots for responses to URLs with parameters or another host name. However many such URLs are requested, they
# take no more space than this, and displace no pages.
PLACES = 1000
# Seconds for which a cache that the site empties keeps a page. If that fails, pages are so old at most.
SHARED = 60
# Folders and file patterns that an upgrade may change.
RELEASED = ("concerns", "home", "leadwatch", "search", "templates", "timeline")
SOURCES = {".css", ".html", ".js", ".mo", ".py", ".svg"}


class Entry(NamedTuple):
    """A response with status 200, as browsers get it that read gzip. Almost all of them do."""

    version: str
    # The complete URL, since several URLs may have the same key.
    address: str
    # When the page must be rendered again even if nothing has changed, in seconds since 1970.
    end: int
    headers: dict
    body: bytes


def key_of(origin, path, query):
    """Return the key of a page, and its complete URL."""
    address = f"{origin}{path}?{query}"
    if origin == settings.BASE_URL and not query:
        key = f"page:{address}"
    else:
        number = int.from_bytes(sha256(address.encode(errors="surrogatepass")).digest())
        key = f"place:{number % PLACES}"
    # During an upgrade, machines with another release share the cache.
    return f"{release()}:{key}", address


def find(key, address):
    """Return the entry of a URL, of any version, or None."""
    entry = cache.get(key)
    return entry if entry and entry.address == address else None


def plain(headers, body):
    """Return headers and body without compression."""
    if headers.get("Content-Encoding") != "gzip":
        return headers, body
    body = gzip.decompress(body)
    headers = headers | {"Content-Length": str(len(body))}
    del headers["Content-Encoding"]
    if "ETag" in headers:
        # Compression has made it weak.
        headers["ETag"] = headers["ETag"].removeprefix("W/")
    return headers, body


def reads_gzip(environ):
    return re.search(r"\bgzip\b", environ.get("HTTP_ACCEPT_ENCODING", "")) is not None


def shared(environ, entry, headers, path, query):
    """
    Return the headers of a current page with those that let caches in front of the site keep it: nginx, and
    one that the site empties after each change. Their key is the URL as it was sent, so they only keep one
    form of each URL.
    """
    if environ.get("RAW_URI") != (f"{path}?{query}" if query else path):
        return headers
    if settings.WAGTAILFRONTENDCACHE and headers.get("Cache-Control") == REVALIDATE:
        headers = headers | {"Cache-Control": f"max-age=0, s-maxage={SHARED}"}
    # nginx wants it before Cache-Control.
    return {"X-Accel-Expires": f"@{entry.end}"} | headers if settings.NGINX_KEEPS_PAGES else headers


def fitting(request, response):
    """Return a compressed response as this browser needs it: plain, or without the page if it has that."""
    if not response.streaming and not reads_gzip(request.META):
        headers, response.content = plain(dict(response.items()), response.content)
        del response["Content-Encoding"]
        for name in {"Content-Length", "ETag"} & headers.keys():
            response[name] = headers[name]
    modified = parse_http_date_safe(response.get("Last-Modified", ""))
    return get_conditional_response(request, response.get("ETag"), modified, response)


@lru_cache(maxsize=1)
def release():
    """
    Return a value that changes with every upgrade: the modification time of the site's newest file, in
    nanoseconds. Pages of an older release would refer to static files that no longer exist.
    """
    folders = (settings.BASE_DIR / name for name in RELEASED)
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return max(path.stat().st_mtime_ns for path in files)
