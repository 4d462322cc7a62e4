"""
Answer plain requests for cached pages before Django handles them, which takes most of the time.

The middleware answers all others: with parameters, conditions or another host name, or if there is no entry.
"""

import time

from django.conf import settings

from leadwatch.page_cache.entries import find, key_of, plain, reads_gzip, shared
from leadwatch.page_cache.shared_connection import close_shared, read_shared
from leadwatch.page_cache.versions import content_versions

# Headers of a response without the page.
UNCHANGED = ("Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Vary")
ODD = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
# Pages that each process keeps in memory, and the size from which on it doesn't.
MOST, LARGEST = 200, 100_000

# Entries, headers and bodies by URL, and by whether the body is compressed.
_memory = {}


def cached(site):
    """Return the site, a WSGI application, with this in front."""

    def application(environ, start_response):
        answer = answer_to(environ) if is_plain(environ) else None
        if answer is None:
            close_shared()
            return site(environ, start_response)
        status, headers, body = answer
        start_response(status, list(headers.items()))
        return [body]

    return application


def is_plain(environ):
    """Return whether an anonymous visitor asks for a page under its own address, without parameters."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"])
    return (
        environ["REQUEST_METHOD"] == "GET"
        # The URL as it was sent.
        and environ.get("RAW_URI") == environ["PATH_INFO"]
        and f"{scheme}://{environ.get('HTTP_HOST')}" == settings.BASE_URL
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and not any(name in environ for name in ODD)
    )


def answer_to(environ):
    """Return the status, headers and body of a cached page, or None."""
    path, is_compressed = environ["PATH_INFO"], reads_gzip(environ)
    kept = _memory.get((path, is_compressed)) or load(path, is_compressed)
    if not kept:
        return None
    versions = content_versions(read_shared)
    if not is_current(kept, versions) and not is_current(kept := load(path, is_compressed), versions):
        return None
    entry, headers, body = kept
    if entry.version == versions[0]:
        headers = shared(environ, entry, headers, path, "")
    if has_page(environ.get("HTTP_IF_NONE_MATCH"), headers.get("ETag")):
        return "304 Not Modified", {name: headers[name] for name in UNCHANGED if name in headers}, b""
    return "200 OK", headers, body


def load(path, is_compressed):
    """Return the entry of a page, its headers and its body, or None. Keep them in memory."""
    if not (entry := find(*key_of(settings.BASE_URL, path, ""))):
        return None
    kept = entry, *((entry.headers, entry.body) if is_compressed else plain(entry.headers, entry.body))
    if len(_memory) >= MOST:
        _memory.clear()
    if len(kept[2]) <= LARGEST:
        _memory[path, is_compressed] = kept
    return kept


def is_current(kept, versions):
    return kept is not None and kept[0].version in versions and kept[0].end > time.time()


def has_page(told, etag):
    """Return whether a browser that told these ETags has the page."""
    weak = [tag.strip().removeprefix("W/") for tag in (told or "").split(",")]
    return bool(etag) and (etag.removeprefix("W/") in weak or weak == ["*"])
