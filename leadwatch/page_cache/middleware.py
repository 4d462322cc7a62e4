"""Public pages are the same for everybody, so each is made once after every change of content."""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from leadwatch.page_cache.versions import content_version
from timeline.parameters import canonical

# Seconds after which a page is made again even if nothing changed.
LONGEST = 24 * 3600
# Slots for responses to addresses with parameters or another host name. However many such addresses are
# asked for, they take no more room than this, and none from the pages themselves.
PLACES = 1000
# What an upgrade may change: folders, and the files in them.
RELEASED = ("concerns", "home", "leadwatch", "search", "templates", "timeline")
SOURCES = {".css", ".html", ".js", ".mo", ".py", ".svg"}


def without_parameters(parameters):
    """Return the query string for a view that reads no parameters."""
    return ""


def only_bare(parameters):
    """Return the query string for a view whose parameters are rarely used; None if there are any."""
    return None if parameters else ""


# The views whose responses are kept, by the name or pattern of their route, and how to read parameters.
KEPT = {
    "wagtail_serve": canonical,
    "updates_feed": without_parameters,
    "cover": without_parameters,
    "sitemap.xml": only_bare,
}


class PublicCacheMiddleware:
    """
    Keeps the answers to anonymous visitors until content changes, and at most a day.

    Where an answer may be kept, the view sees only the parameters that are part of its key, in their
    canonical order, so that nothing else of the address can be in it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = kept_query(request)
        # Read before the page is made, so that an old page is never kept under a new version.
        if query is None or (version := content_version()) is None:
            return self.get_response(request)
        request.GET = QueryDict(query)
        key, address = key_of(request, query)
        state = (release(), version, address)
        kept = cache.get(key)
        if kept and kept[0] == state:
            return kept[1]
        response = self.get_response(request)
        if request.method == "GET" and is_lasting(response):
            cache.set(key, (state, response), LONGEST)
        return response


def kept_query(request):
    """The part of the query string on which the answer depends; None if the answer is not to be kept."""
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
    """The key of an answer, and the whole address, since several addresses may have one key."""
    origin = f"{request.scheme}://{request.get_host()}"
    address = f"{origin}{request.path}?{query}"
    if origin == settings.BASE_URL and not query:
        return f"page:{address}", address
    number = int.from_bytes(sha256(address.encode(errors="surrogatepass")).digest())
    return f"place:{number % PLACES}", address


def is_lasting(response):
    """Whether the answer may be given to the next visitor too."""
    return (
        response.status_code == 200
        # Views set this to False where a parameter has an unknown value.
        and getattr(response, "is_kept", True)
        and not response.streaming
        and not response.cookies
        and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache"))
    )


@lru_cache(maxsize=1)
def release():
    """
    A mark that changes with every upgrade, since old pages would name files that are gone: the time at which
    the newest of the site's own files was written, in nanoseconds.
    """
    folders = (settings.BASE_DIR / name for name in RELEASED)
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return max(path.stat().st_mtime_ns for path in files)
