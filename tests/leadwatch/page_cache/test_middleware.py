import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict

from home.models import SiteSettings
from leadwatch.middleware import PathLocaleMiddleware
from leadwatch.page_cache import middleware as page_cache
from leadwatch.page_cache.middleware import content_version, release
from tests.support import factories
from timeline.embedding.options import NAMES
from timeline.models import EmbedSettings, EventPage
from timeline.parameters import FREE, PATTERNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cached(settings):
    # They are made when a page first asks for them, which is a change.
    SiteSettings.load()
    EmbedSettings.load()
    # Where it stands in production.
    place = settings.MIDDLEWARE.index("leadwatch.middleware.PolicyMiddleware")
    cache = "leadwatch.page_cache.middleware.PublicCacheMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], cache, *settings.MIDDLEWARE[place:]]


def test_a_page_that_was_made_once_costs_one_query(cached, client, django_assert_num_queries):
    event = factories.make_event()
    first = client.get(event.url)
    # That of the version.
    with django_assert_num_queries(1):
        second = client.get(event.url)
    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_change_is_seen_at_once(cached, client):
    event = factories.make_event(title="Before")
    client.get(event.url)
    event.title = "After"
    event.save_revision().publish()
    assert "After" in client.get(event.url).content.decode()


def test_a_change_that_tells_nobody_is_seen_at_once(cached, client):
    event = factories.make_event(title="Before")
    assert "Before" in client.get(event.url).content.decode()
    EventPage.objects.filter(pk=event.pk).update(title="After")
    assert "After" in client.get(event.url).content.decode()


def test_a_page_begun_before_a_change_is_not_kept_as_one_of_after(cached, client, monkeypatch):
    event = factories.make_event(title="Before")
    serve = type(event).serve

    def changing(page, *args, **kwargs):
        EventPage.objects.filter(pk=event.pk).update(title="After")
        return serve(page, *args, **kwargs)

    monkeypatch.setattr(type(event), "serve", changing)
    assert "Before" in client.get(event.url).content.decode()
    monkeypatch.undo()
    assert "After" in client.get(event.url).content.decode()


def test_an_upgrade_is_seen_at_once(cached, client, monkeypatch, settings):
    event = factories.make_event(title="Before")
    client.get(event.url)
    # So that only the upgrade tells of it.
    version = content_version()
    monkeypatch.setattr(page_cache, "content_version", lambda: version)
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


def test_a_draft_makes_no_page_anew(cached, client, django_assert_num_queries):
    event = factories.make_event()
    client.get(event.url)
    event.save_revision()
    with django_assert_num_queries(1):
        client.get(event.url)


def test_a_page_that_is_taken_back_is_gone_at_once(cached, client):
    event = factories.make_event()
    client.get(event.url)
    event.unpublish()
    assert client.get(event.url).status_code == 404


def test_neither_the_form_nor_what_somebody_signed_in_sees_is_kept(cached, client, admin_client):
    page = factories.make_contact()
    client.get(page.url)
    page.title = "Renamed without a signal"
    type(page).objects.filter(pk=page.pk).update(title=page.title)
    assert page.title in client.get(page.url).content.decode()
    event = factories.make_event()
    assert b"wagtail-userbar" in admin_client.get(event.url).content
    assert b"wagtail-userbar" not in client.get(event.url).content


@pytest.fixture
def kept(monkeypatch):
    """The answers in the cache, by their keys."""
    entries = {}

    def keep(key, value, timeout):
        entries[key] = pickle.loads(pickle.dumps(value))

    monkeypatch.setattr(page_cache, "cache", SimpleNamespace(get=entries.get, set=keep))
    return entries


@pytest.fixture
def timeline():
    timeline = factories.make_timeline()
    factories.make_event(title="A headline", category=factories.make_category("policy"))
    return timeline


ROUTES = ("", "embed/", "share/", "feed/")


@pytest.mark.parametrize("route", ROUTES)
def test_what_no_page_reads_of_an_address_adds_no_entry_and_is_nowhere_in_it(
    cached, client, kept, timeline, route
):
    address = f"{timeline.url}{route}?layout=axis&category=policy"
    first = client.get(f"{address}&utm_source=planted&planted")
    assert first.status_code == 200
    assert b"planted" not in first.content
    assert "planted" not in str(first.headers)
    before = len(kept)
    assert before == 1
    for number in range(5):
        assert client.get(f"{address}&x={number}&zz={number}").content == first.content
    assert client.get(address).content == first.content
    assert len(kept) == before


@pytest.mark.parametrize("path", ["/", "/feed/", "/timeline/", "/timeline/eventpage/"])
def test_an_unknown_parameter_costs_as_little_as_none(cached, client, kept, timeline, path):
    factories.make_event(slug="eventpage")
    first = client.get(path)
    assert first.status_code == 200
    assert len(kept) == 1
    assert client.get(f"{path}?fbclid=planted").content == first.content
    assert len(kept) == 1


def test_the_order_of_parameters_makes_no_difference(cached, client, kept, timeline):
    factories.make_category("other")
    one = client.get(f"{timeline.url}?category=other&category=policy&order=newest&year=&q=")
    two = client.get(
        f"{timeline.url}?order=oldest&order=newest&category=policy&category=other&category=other"
    )
    assert one.content == two.content
    assert len(kept) == 1


MEANINGLESS = (
    *("q=word", "q=word&category=policy", "category=unknown", "concern=unknown", "partner=unknown"),
    *("year=20x8", "order=sideways", "layout=word", "zoom=word", "lang=xx", "accent=word", "limit=word"),
    f"year={'2018,' * 50}",
)


@pytest.mark.parametrize("route", ROUTES)
def test_free_text_and_values_that_mean_nothing_are_not_kept(cached, client, kept, timeline, route):
    queries = [*MEANINGLESS, "event=word"] if route in {"embed/", "share/"} else MEANINGLESS
    for query in queries:
        assert client.get(f"{timeline.url}{route}?{query}").status_code == 200
        assert not kept, query


@pytest.mark.parametrize(
    "path", ["/search/?q=word", "/search/", "/search/suggest/?q=word", "/oembed/?url=/timeline/?q=word"]
)
def test_what_is_searched_is_not_kept(cached, client, kept, timeline, path):
    client.get(path)
    assert not kept


def test_what_is_looked_for_on_the_timeline_is_stored_nowhere(client, timeline):
    assert client.get(f"{timeline.url}?q=word")["Cache-Control"] == "no-store"
    assert "no-store" not in client.get(f"{timeline.url}?category=policy").get("Cache-Control", "")


def test_a_color_is_not_kept(cached, client, kept, timeline):
    assert client.get("/accent-335577.css").status_code == 200
    for color in ("335577", "335578", "aabbcc"):
        frame = client.get(f"/timeline/embed/?category=policy&accent={color}")
        assert f"accent-{color}.css" in frame.content.decode()
    assert not kept


def test_a_cover_has_one_address(cached, client, kept, timeline):
    assert client.get(f"/cover/000{timeline.pk}.png").status_code == 302
    assert client.get(f"/cover/{timeline.pk}.png").status_code == 200
    assert len(kept) == 1


def test_addresses_without_end_take_no_room_from_pages(cached, client, kept, timeline, monkeypatch):
    monkeypatch.setattr(page_cache, "PLACES", 3)
    client.get(timeline.url)
    for year in range(1900, 1920):
        address = f"{timeline.url}?year={year}"
        first = client.get(address)
        assert f"{year}" in first.content.decode()
        assert client.get(address).content == first.content
    for port in range(8000, 8010):
        client.get(timeline.url, headers={"host": f"elsewhere.example:{port}"})
    assert len(kept) <= 1 + 3


def test_two_addresses_in_one_place_are_told_apart(cached, client, kept, timeline, monkeypatch):
    monkeypatch.setattr(page_cache, "PLACES", 1)
    assert b"1901" in client.get(f"{timeline.url}?year=1901").content
    assert b"1902" in client.get(f"{timeline.url}?year=1902").content
    assert len(kept) == 1


def test_a_new_version_takes_the_place_of_the_old_one(cached, client, kept, settings):
    event = factories.make_event(title="Before")
    client.get(event.url)
    EventPage.objects.filter(pk=event.pk).update(title="After")
    client.get(event.url)
    assert len(kept) == 1
    assert "Before" not in str([response.content for _state, response in kept.values()])


def test_a_head_request_has_the_headers_and_is_not_kept(cached, client, kept):
    event = factories.make_event()
    before = client.head(event.url)
    assert before.status_code == 200
    assert not kept
    page = client.get(event.url)
    assert client.head(event.url)["Last-Modified"] == page["Last-Modified"] == before["Last-Modified"]
    assert client.head(event.url).content == b""


@pytest.mark.parametrize("route", ["", "feed/", "embed/"])
def test_a_browser_that_has_the_page_is_told_so(cached, client, timeline, route):
    for _time in range(2):
        first = client.get(timeline.url + route)
        headers = {"if-none-match": first["ETag"]}
        assert client.get(timeline.url + route, headers=headers).status_code == 304


def test_pages_that_are_kept_are_shown_while_the_database_is_gone(cached, client):
    event = factories.make_event(title="A headline")
    client.get(event.url)
    client.raise_request_exception = False

    def fail(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(fail):
        assert "A headline" in client.get(event.url).content.decode()
        other = client.get(f"{event.url}embed/")
        assert (other.status_code, other["Retry-After"]) == (503, "60")


def test_nothing_is_kept_while_there_is_no_version(cached, client, kept, monkeypatch):
    monkeypatch.setattr(page_cache, "content_version", lambda: None)
    assert client.get(factories.make_event().url).status_code == 200
    assert not kept


def test_each_option_of_the_timeline_is_known_or_free():
    assert PATTERNS.keys() == NAMES - FREE


def test_no_page_reads_a_parameter_that_is_unknown(client, monkeypatch, timeline):
    """Else it would be missing where the page is kept."""
    read = set()
    for name in ("get", "getlist", "__getitem__", "__contains__"):
        method = getattr(QueryDict, name)

        def spying(self, key, *args, method=method, **kwargs):
            # Of the query string, not of a form.
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
