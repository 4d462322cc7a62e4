"""Cache public pages, which are the same for everybody, until content changes."""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from home.skipping import is_incomplete
from leadwatch.page_cache.versions import content_version
from timeline.parameters import canonical

# Seconds after which a page is rendered again even if nothing has changed.
LONGEST = 24 * 3600
# The same for a page that lacks an image or a block because of a fault, which may pass.
LONGEST_INCOMPLETE = 60
# Slots for responses to URLs with parameters or another host name. However many such URLs are requested, they
# take no more space than this, and displace no pages.
PLACES = 1000
# Folders and file patterns that an upgrade may change.
RELEASED = ("concerns", "home", "leadwatch", "search", "templates", "timeline")
SOURCES = {".css", ".html", ".js", ".mo", ".py", ".svg"}


# Views whose responses are cached, by name or pattern of their route. The functions return the part of the
# query string that a view reads, or None if the response must not be cached.
KEPT = {
    "wagtail_serve": canonical,
    "updates_feed": lambda parameters: "",
    "cover": lambda parameters: "",
    "sitemap.xml": lambda parameters: None if parameters else "",
}


class PublicCacheMiddleware:
    """
    Cache responses to anonymous visitors until content changes, and for at most a day.

    If a response may be cached, the view only sees parameters that are part of the key, in their canonical
    order, so that the response can contain nothing else of the URL.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            query = kept_query(request)
            request.get_host()
        except SuspiciousOperation:
            # The next middleware, too, which then gives the answer its headers.
            return self.get_response(request)
        # Read the version before rendering, so that an old page is never cached under a new version.
        if query is None or (version := content_version()) is None:
            return self.get_response(request)
        request.GET = QueryDict(query)
        key, address = key_of(request, query)
        # During an upgrade, machines with another release share the cache.
        key = f"{release()}:{key}"
        state = version, address
        kept = cache.get(key)
        if kept and kept[0] == state:
            return kept[1]
        is_incomplete.set(False)
        response = self.get_response(request)
        if request.method == "GET" and is_lasting(response):
            cache.set(key, (state, response), LONGEST_INCOMPLETE if is_incomplete.get() else LONGEST)
        return response


def kept_query(request):
    """Return the query string on which the response depends, or None if it must not be cached."""
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    path = request.path_info
    try:
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            match = resolve(path)
    except Resolver404:
        return None
    read = KEPT.get(match.url_name) or KEPT.get(match.route)
    return read(request.GET) if read else None


def key_of(request, query):
    """Return the key of a response and the complete URL, since several URLs may have the same key."""
    origin = f"{request.scheme}://{request.get_host()}"
    address = f"{origin}{request.path}?{query}"
    if origin == settings.BASE_URL and not query:
        return f"page:{address}", address
    number = int.from_bytes(sha256(address.encode(errors="surrogatepass")).digest())
    return f"place:{number % PLACES}", address


def is_lasting(response):
    """Return whether the response may be served to other visitors."""
    return (
        response.status_code == 200
        # Views set this to False if a parameter has an unknown value.
        and getattr(response, "is_kept", True)
        and not response.streaming
        and not response.cookies
        and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache"))
    )


@lru_cache(maxsize=1)
def release():
    """
    Return a value that changes with every upgrade: the modification time of the site's newest file, in
    nanoseconds. Pages of an older release would refer to static files that no longer exist.
    """
    folders = (settings.BASE_DIR / name for name in RELEASED)
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return max(path.stat().st_mtime_ns for path in files)
