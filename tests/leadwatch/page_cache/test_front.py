"""Plain requests for cached pages are answered before Django handles them, with the same answer."""

import gzip
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application

from home.models import SiteSettings
from leadwatch.page_cache import front
from tests.support import factories
from timeline.models import EmbedSettings, EventPage

pytestmark = pytest.mark.django_db


class Site:
    """The site with the cache in front; `asked` counts the requests that Django handled."""

    def __init__(self):
        django, self.asked = get_wsgi_application(), 0

        def counted(environ, start_response):
            self.asked += 1
            return django(environ, start_response)

        self.application = front.cached(counted)

    def get(self, path, method="GET", query="", **environ):
        found = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "RAW_URI": f"{path}?{query}" if query else path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "HTTP_ACCEPT_ENCODING": "gzip",
        } | environ
        body = b"".join(self.application(environ, lambda *answer: found.append(answer)))
        status, headers = found[0]
        return status, dict(headers), body


@pytest.fixture
def site(settings, monkeypatch):
    # Create them now: the first request would create them, which is a change.
    SiteSettings.load()
    EmbedSettings.load()
    settings.BASE_URL = "http://testserver"
    settings.MIDDLEWARE = ["leadwatch.page_cache.middleware.PublicCacheMiddleware", *settings.MIDDLEWARE]
    monkeypatch.setattr("django.db.connection.close_if_unusable_or_obsolete", lambda: None)
    cache.clear()
    front._memory.clear()
    yield Site()
    front._memory.clear()


def test_the_answer_is_that_of_django(site):
    path = factories.make_event(title="A headline").url
    first, second, third = (site.get(path) for _time in range(3))
    assert first == second == third
    assert site.asked == 1
    assert b"A headline" in gzip.decompress(third[2])
    plain = [site.get(path, HTTP_ACCEPT_ENCODING="br") for _time in range(2)]
    assert plain[0] == plain[1]
    assert b"A headline" in plain[0][2]
    assert "Content-Encoding" not in plain[0][1]
    assert site.asked == 1


def test_a_change_is_visible_immediately(site):
    event = factories.make_event(title="Before")
    for title in ("Before", "After", "Later"):
        EventPage.objects.filter(pk=event.pk).update(title=title)
        for _time in range(2):
            assert title in gzip.decompress(site.get(event.url)[2]).decode()
    event.unpublish()
    assert site.get(event.url)[0].startswith("404")


def test_a_browser_with_the_page_gets_304(site):
    path = factories.make_event().url
    etag = site.get(path)[1]["ETag"]
    for told in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        status, headers, body = site.get(path, HTTP_IF_NONE_MATCH=told)
        assert (status, body) == ("304 Not Modified", b"")
        assert headers["ETag"] == etag
    assert site.get(path, HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"
    assert site.asked == 1


ODD = {
    "method": {"method": "HEAD"},
    "session": {"HTTP_COOKIE": "a=b; sessionid=c"},
    "host": {"HTTP_HOST": "other.example"},
    "scheme": {"HTTP_X_FORWARDED_PROTO": "https"},
    "query": {"query": "category=policy"},
    "other form": {"RAW_URI": "/%74imeline/"},
    "condition": {"HTTP_IF_MODIFIED_SINCE": "Sun, 29 Nov 2026 00:00:00 GMT"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_django_handles_other_requests(site, odd):
    path = factories.make_event().url
    site.get(path)
    site.get(path, **odd)
    assert site.asked == 2


def test_the_memory_of_a_process_is_bounded(site, monkeypatch):
    monkeypatch.setattr(front, "MOST", 2)
    for _number in range(5):
        path = factories.make_event().url
        assert [site.get(path)[0] for _time in range(2)] == ["200 OK"] * 2
    assert len(front._memory) <= 2
    monkeypatch.setattr(front, "LARGEST", 10)
    front._memory.clear()
    assert site.get(path)[0] == "200 OK"
    assert not front._memory


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "max-age=0, s-maxage=60"),
        ("year=2018", "max-age=0, s-maxage=60"),
        ("order=newest&year=2018", "max-age=0, s-maxage=60"),
        ("year=2018&order=newest", "no-cache"),
        ("year=2018&x=1", "no-cache"),
        ("x=1", "no-cache"),
    ],
)
def test_only_the_one_form_of_a_url_may_stay_in_a_cache_that_is_emptied(site, settings, query, expected):
    path = factories.make_timeline().url
    for emptied, kept in (({}, "no-cache"), ({"default": {}}, expected)):
        settings.WAGTAILFRONTENDCACHE = emptied
        for _time in range(3):
            status, headers, _body = site.get(path, query=query)
            assert headers["Cache-Control"] == kept
            status, headers, _body = site.get(path, query=query, HTTP_IF_NONE_MATCH=headers["ETag"])
            assert (status[:3], headers["Cache-Control"]) == ("304", kept)


def test_a_page_of_the_version_before_stays_nowhere(site, settings, monkeypatch):
    """It is sent while the database is away, perhaps after the cache in front was emptied."""
    settings.WAGTAILFRONTENDCACHE = {"default": {}}
    path = factories.make_event().url
    site.get(path)
    (version,) = front.content_versions(front.read_shared)
    for versions, kept in (([version], "max-age=0, s-maxage=60"), (["new", version], "no-cache")):
        monkeypatch.setattr(front, "content_versions", lambda read, versions=versions: versions)
        status, headers, _body = site.get(path)
        assert (status, headers["Cache-Control"]) == ("200 OK", kept)
