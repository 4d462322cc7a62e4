"""Cache public pages, which are the same for everybody, until content changes."""

import time
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language_from_path, override

from home.feeds import language_of, query_of
from home.kept import reading
from home.skipping import is_incomplete
from leadwatch.page_cache.entries import Entry, find, fitting, key_of, shared
from leadwatch.page_cache.versions import content_version, content_versions
from timeline.parameters import canonical

# Seconds after which a page is rendered again even if nothing has changed.
LONGEST = 24 * 3600
# The same for a page that lacks an image or a block because of a fault, which may pass.
LONGEST_INCOMPLETE = 60
# Seconds that a request waits for another one that renders the same page, and between two looks.
PATIENCE, PAUSE = 5, 0.02
# Headers that change the answer but not the page.
CONDITIONS = (
    *("HTTP_ACCEPT_ENCODING", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH"),
    "HTTP_IF_UNMODIFIED_SINCE",
)

# Views whose responses are cached, by name or pattern of their route. The functions return the part of the
# query string that a view reads, or None if the response must not be cached.
KEPT = {
    "wagtail_serve": canonical,
    "updates_feed": lambda parameters: query_of(language_of(parameters)).lstrip("?"),
    "cover": lambda parameters: "",
    "sitemap.xml": lambda parameters: None if parameters else "",
}


class PublicCacheMiddleware:
    """
    Cache responses to anonymous visitors until content changes, and for at most a day.

    If a response may be cached, the view only sees parameters that are part of the key, in their canonical
    order, so that the response can contain nothing else of the URL. leadwatch/page_cache/front.py finds most
    entries even before Django is asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            query = kept_query(request)
            origin = f"{request.scheme}://{request.get_host()}"
        except SuspiciousOperation:
            # The next middleware, too, which then gives the answer its headers.
            return self.get_response(request)
        # Read the version before rendering, so that an old page is never cached under a new version.
        if query is None or not (versions := content_versions()):
            return self.get_response(request)
        request.content_version = versions[0]
        request.GET = QueryDict(query)
        key, address = key_of(origin, request.path, query)
        entry = find(key, address)
        if not entry or entry.version not in versions:
            with one_at_a_time(key):
                entry = find(key, address)
                if not entry or entry.version not in versions:
                    entry, response = None, self.render(request)
                if not entry and request.method == "GET" and is_lasting(response):
                    entry = keep(response, key, versions[0], address)
        if entry:
            response = response_of(request, entry, query, is_current=entry.version == versions[0])
        return fitting(request, response)

    def render(self, request):
        """Return the whole page, compressed."""
        told = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
        is_incomplete.set(False)
        try:
            return self.get_response(request)
        finally:
            del request.META["HTTP_ACCEPT_ENCODING"]
            request.META.update(told)


def response_of(request, entry, query, is_current):
    headers = entry.headers
    if is_current:
        headers = shared(request.META, entry, headers, escape_uri_path(request.path), query)
    return HttpResponse(entry.body, headers=headers)


@contextmanager
def one_at_a_time(key):
    """Wait while another request renders the same page. Nobody waits if the cache fails."""
    lock = f"{key}:rendering"
    is_mine, end = cache.add(lock, True, PATIENCE), time.monotonic() + PATIENCE
    while not is_mine and cache.has_key(lock) and time.monotonic() < end:
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if is_mine:
            cache.delete(lock)


def keep(response, key, version, address):
    """Store a response and return its entry."""
    longest = LONGEST_INCOMPLETE if is_incomplete.get() else LONGEST
    end = int(time.time()) + longest
    entry = Entry(version, address, end, dict(response.items()), response.content)
    cache.set(key, entry, longest)
    return entry


def keep_small_results(get_response):
    """Middleware that lets requests that only read use small results that the process has kept."""

    def middleware(request):
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with reading(lambda: getattr(request, "content_version", None) or content_version()):
            return get_response(request)

    return middleware


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


def is_lasting(response):
    """Return whether the response may be served to other visitors."""
    return (
        response.status_code == 200
        # Views set this to False if a parameter has an unknown value.
        and getattr(response, "is_kept", True)
        and not response.streaming
        and not response.cookies
        and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store"))
    )
