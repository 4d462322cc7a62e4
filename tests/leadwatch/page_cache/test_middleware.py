import gzip
import pickle
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse, QueryDict

from home.models import SiteSettings
from leadwatch.middleware import PathLocaleMiddleware
from leadwatch.page_cache import entries as entries_module
from leadwatch.page_cache import middleware as page_cache
from leadwatch.page_cache.entries import release
from leadwatch.page_cache.versions import content_versions
from tests.support import factories
from timeline.models import EmbedSettings, EventPage
from timeline.parameters import NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def cached(settings):
    # Create them now: the first request would create them, which is a change.
    SiteSettings.load()
    EmbedSettings.load()
    # At its position in production.
    settings.MIDDLEWARE = ["leadwatch.page_cache.middleware.PublicCacheMiddleware", *settings.MIDDLEWARE]


def test_a_cached_page_needs_one_query(cached, client, django_assert_num_queries):
    event = factories.make_event()
    first = client.get(event.url)
    # The query for the version.
    with django_assert_num_queries(1):
        second = client.get(event.url)
    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_change_is_visible_immediately(cached, client):
    event = factories.make_event(title="Before")
    client.get(event.url)
    event.title = "After"
    event.save_revision().publish()
    assert "After" in client.get(event.url).content.decode()


def test_a_change_without_signals_is_visible_immediately(cached, client):
    event = factories.make_event(title="Before")
    assert "Before" in client.get(event.url).content.decode()
    EventPage.objects.filter(pk=event.pk).update(title="After")
    assert "After" in client.get(event.url).content.decode()


def test_a_page_rendered_during_a_change_is_not_cached_for_the_new_version(cached, client, monkeypatch):
    event = factories.make_event(title="Before")
    serve = type(event).serve

    def changing(page, *args, **kwargs):
        EventPage.objects.filter(pk=event.pk).update(title="After")
        return serve(page, *args, **kwargs)

    monkeypatch.setattr(type(event), "serve", changing)
    assert "Before" in client.get(event.url).content.decode()
    monkeypatch.undo()
    assert "After" in client.get(event.url).content.decode()


def test_an_upgrade_is_visible_immediately(cached, client, monkeypatch, settings):
    event = factories.make_event(title="Before")
    client.get(event.url)
    # Make the upgrade the only change.
    versions = content_versions()
    monkeypatch.setattr(page_cache, "content_versions", lambda: versions)
    EventPage.objects.filter(pk=event.pk).update(title="After")
    assert "Before" in client.get(event.url).content.decode()
    before = release()
    template = settings.BASE_DIR / "templates" / "base.html"
    stat = Path.stat

    def written_later(path, **options):
        later = stat(path, **options)
        return SimpleNamespace(st_mtime_ns=before + 1) if path == template else later

    release.cache_clear()
    monkeypatch.setattr(Path, "stat", written_later)
    assert release() == before + 1
    assert "After" in client.get(event.url).content.decode()
    release.cache_clear()


def test_a_draft_does_not_invalidate_the_cache(cached, client, django_assert_num_queries):
    event = factories.make_event()
    client.get(event.url)
    event.save_revision()
    with django_assert_num_queries(1):
        client.get(event.url)


def test_an_unpublished_page_is_gone_immediately(cached, client):
    event = factories.make_event()
    client.get(event.url)
    event.unpublish()
    assert client.get(event.url).status_code == 404


def test_forms_and_pages_for_signed_in_users_are_not_cached(cached, client, admin_client):
    page = factories.make_contact()
    client.get(page.url)
    page.title = "Renamed without a signal"
    type(page).objects.filter(pk=page.pk).update(title=page.title)
    assert page.title in client.get(page.url).content.decode()
    event = factories.make_event()
    assert b"wagtail-userbar" in admin_client.get(event.url).content
    assert b"wagtail-userbar" not in client.get(event.url).content


@pytest.fixture
def cached_entries(monkeypatch):
    """Return the entries of the cache by key."""
    entries = {}

    def keep(key, value, timeout):
        entries[key] = pickle.loads(pickle.dumps(value))

    locks = {}
    store = SimpleNamespace(
        get=entries.get,
        set=keep,
        add=lambda key, *_: locks.setdefault(key, True),
        has_key=locks.__contains__,
        delete=locks.pop,
    )
    monkeypatch.setattr(page_cache, "cache", store)
    monkeypatch.setattr(entries_module, "cache", store)
    return entries


@pytest.fixture
def timeline():
    timeline = factories.make_timeline()
    factories.make_event(title="A headline", category=factories.make_category("policy"))
    return timeline


ROUTES = ("", "embed/", "share/", "feed/")


@pytest.mark.parametrize("route", ROUTES)
def test_unused_parts_of_a_url_add_no_entry_and_are_stored_nowhere(
    cached, client, cached_entries, timeline, route
):
    address = f"{timeline.url}{route}?layout=axis&category=policy"
    first = client.get(f"{address}&utm_source=planted&planted")
    assert first.status_code == 200
    assert b"planted" not in first.content
    assert "planted" not in str(first.headers)
    before = len(cached_entries)
    assert before == 1
    for number in range(5):
        assert client.get(f"{address}&x={number}&zz={number}").content == first.content
    assert client.get(address).content == first.content
    assert len(cached_entries) == before


@pytest.mark.parametrize("path", ["/", "/feed/", "/timeline/", "/timeline/eventpage/"])
def test_an_unknown_parameter_costs_no_extra_query(cached, client, cached_entries, timeline, path):
    factories.make_event(slug="eventpage")
    first = client.get(path)
    assert first.status_code == 200
    assert len(cached_entries) == 1
    assert client.get(f"{path}?fbclid=planted").content == first.content
    assert len(cached_entries) == 1


def test_the_order_of_parameters_makes_no_difference(cached, client, cached_entries, timeline):
    factories.make_category("other")
    one = client.get(f"{timeline.url}?category=other&category=policy&order=newest&year=&q=")
    two = client.get(
        f"{timeline.url}?order=oldest&order=newest&category=policy&category=other&category=other"
    )
    assert one.content == two.content
    assert len(cached_entries) == 1


MEANINGLESS = (
    *("q=word", "q=word&category=policy", "category=unknown", "concern=unknown", "partner=unknown"),
    *("year=20x8", "order=sideways", "layout=word", "zoom=word", "lang=xx", "accent=word", "limit=word"),
    f"year={'2018,' * 50}",
)


@pytest.mark.parametrize("route", ROUTES)
def test_free_text_and_invalid_values_are_not_cached(cached, client, cached_entries, timeline, route):
    queries = [*MEANINGLESS, "event=word"] if route in {"embed/", "share/"} else MEANINGLESS
    for query in queries:
        assert client.get(f"{timeline.url}{route}?{query}").status_code == 200
        assert not cached_entries, query


@pytest.mark.parametrize(
    "path", ["/search/?q=word", "/search/", "/search/suggest/?q=word", "/oembed/?url=/timeline/?q=word"]
)
def test_searches_are_not_cached(cached, client, cached_entries, timeline, path):
    client.get(path)
    assert not cached_entries


def test_search_terms_of_the_timeline_are_stored_nowhere(client, timeline):
    assert client.get(f"{timeline.url}?q=word")["Cache-Control"] == "no-store"
    assert "no-store" not in client.get(f"{timeline.url}?category=policy").get("Cache-Control", "")


def test_colors_are_not_cached(cached, client, cached_entries, timeline):
    assert client.get("/accent-335577.css").status_code == 200
    for color in ("335577", "335578", "aabbcc"):
        frame = client.get(f"/timeline/embed/?category=policy&accent={color}")
        assert f"accent-{color}.css" in frame.content.decode()
    assert not cached_entries


def test_a_cover_has_one_url(cached, client, cached_entries, timeline):
    assert client.get(f"/cover/000{timeline.pk}.png").status_code == 302
    assert client.get(f"/cover/{timeline.pk}.png").status_code == 200
    assert len(cached_entries) == 1


def test_endless_urls_displace_no_pages(cached, client, cached_entries, timeline, monkeypatch):
    monkeypatch.setattr(entries_module, "PLACES", 3)
    client.get(timeline.url)
    for year in range(1900, 1920):
        address = f"{timeline.url}?year={year}"
        first = client.get(address)
        assert f"{year}" in first.content.decode()
        assert client.get(address).content == first.content
    for port in range(8000, 8010):
        client.get(timeline.url, headers={"host": f"elsewhere.example:{port}"})
    assert len(cached_entries) <= 1 + 3


def test_two_urls_in_the_same_slot_are_not_confused(cached, client, cached_entries, timeline, monkeypatch):
    monkeypatch.setattr(entries_module, "PLACES", 1)
    assert b"1901" in client.get(f"{timeline.url}?year=1901").content
    assert b"1902" in client.get(f"{timeline.url}?year=1902").content
    assert len(cached_entries) == 1


def test_a_new_version_replaces_the_old_one(cached, client, cached_entries, settings):
    event = factories.make_event(title="Before")
    client.get(event.url)
    EventPage.objects.filter(pk=event.pk).update(title="After")
    client.get(event.url)
    assert len(cached_entries) == 1
    assert "Before" not in str([gzip.decompress(entry.body) for entry in cached_entries.values()])


def test_a_head_request_returns_headers_and_is_not_cached(cached, client, cached_entries):
    event = factories.make_event()
    before = client.head(event.url)
    assert before.status_code == 200
    assert not cached_entries
    page = client.get(event.url)
    assert client.head(event.url)["Last-Modified"] == page["Last-Modified"] == before["Last-Modified"]
    assert client.head(event.url).content == b""


@pytest.mark.parametrize("route", ["", "feed/", "embed/"])
def test_a_browser_with_the_current_page_gets_304(cached, client, timeline, route):
    for _time in range(2):
        first = client.get(timeline.url + route)
        headers = {"if-none-match": first["ETag"]}
        assert client.get(timeline.url + route, headers=headers).status_code == 304


@pytest.mark.parametrize("encoding", ["gzip, deflate, br", "br", ""])
def test_a_page_is_compressed_once_and_each_browser_can_read_it(cached, client, cached_entries, encoding):
    event = factories.make_event(title="A headline")
    headers = {"accept-encoding": encoding}
    first, second = (client.get(event.url, headers=headers) for _time in range(2))
    assert first.content == second.content
    assert [*first.items()] == [*second.items()]
    assert first.get("Content-Encoding") == ("gzip" if "gzip" in encoding else None)
    content = gzip.decompress(second.content) if "gzip" in encoding else second.content
    assert b"A headline" in content
    assert int(second["Content-Length"]) == len(second.content)
    assert second["ETag"].startswith("W/") == ("gzip" in encoding)
    assert "Accept-Encoding" in second["Vary"]
    (entry,) = cached_entries.values()
    assert gzip.decompress(entry.body) == content


def test_the_first_request_may_have_conditions(cached, client, cached_entries):
    event = factories.make_event(title="A headline")
    headers = {"if-none-match": client.get(event.url)["ETag"]}
    cached_entries.clear()
    assert client.get(event.url, headers=headers).status_code == 304
    assert client.get(event.url).status_code == 200
    assert len(cached_entries) == 1


def test_many_first_visitors_at_once_cost_one_page(rf, monkeypatch):
    """The others wait, and get the same page."""
    # Threads would not see the test's database.
    monkeypatch.setattr(page_cache, "content_versions", lambda: ["a version"])
    rendered = []

    def render(request):
        rendered.append(request)
        time.sleep(0.3)
        return HttpResponse("The page.")

    middleware, answers = page_cache.PublicCacheMiddleware(render), []
    threads = [
        threading.Thread(target=lambda: answers.append(middleware(rf.get("/"))), daemon=True)
        for _number in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.content for answer in answers] == [b"The page."] * 5
    assert len(rendered) == 1


def test_nobody_waits_for_a_page_if_the_cache_fails(cached, client, monkeypatch):
    monkeypatch.setattr(page_cache, "cache", Empty())
    monkeypatch.setattr(entries_module, "cache", Empty())
    monkeypatch.setattr(page_cache.time, "sleep", pytest.fail)
    assert client.get(factories.make_event().url).status_code == 200


class Empty:
    """A cache that fails, as leadwatch/page_cache/backends.py answers for it."""

    get = set = delete = lambda *args: None
    add = has_key = lambda *args: False


def test_cached_pages_are_served_while_the_database_is_down(cached, client):
    event = factories.make_event(title="A headline")
    client.get(event.url)
    client.raise_request_exception = False

    def fail(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(fail):
        assert "A headline" in client.get(event.url).content.decode()
        other = client.get(f"{event.url}embed/")
        assert (other.status_code, other["Retry-After"]) == (503, "60")


def test_nothing_is_cached_without_a_version(cached, client, cached_entries, monkeypatch):
    monkeypatch.setattr(page_cache, "content_versions", list)
    assert client.get(factories.make_event().url).status_code == 200
    assert not cached_entries


def test_no_page_reads_an_unknown_parameter(client, monkeypatch, timeline):
    """Otherwise the parameter would be missing when the page is cached."""
    read = set()
    for name in ("get", "getlist", "__getitem__", "__contains__"):
        method = getattr(QueryDict, name)

        def spying(self, key, *args, method=method, **kwargs):
            # Only record reads of the query string, not of a form.
            if not self._mutable and getattr(self, "is_spied", False):
                read.add(key)
            return method(self, key, *args, **kwargs)

        monkeypatch.setattr(QueryDict, name, spying)

    def marked(self, request):
        request.GET.is_spied = True
        return answer(self, request)

    answer = PathLocaleMiddleware.__call__
    monkeypatch.setattr(PathLocaleMiddleware, "__call__", marked)
    pages = [timeline, factories.make_event(), factories.make_concern(), factories.make_partner()]
    pages += [factories.make_document(), factories.make_figures_page(), factories.make_glossary()]
    pages += [factories.make_contact(), factories.make_overview(), factories.make_standard_page()]
    paths = ["/", "/feed/", *(page.url for page in pages), *(timeline.url + route for route in ROUTES)]
    for path in paths:
        assert client.get(f"{path}?layout=axis").status_code == 200
    assert {"layout", "q", "year"} <= read
    assert read <= NAMES
