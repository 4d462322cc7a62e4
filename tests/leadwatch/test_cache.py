import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from home.models import SiteSettings
from leadwatch.cache import SOON, content_version, release
from tests import factories
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cached(settings):
    # They are made when a page first asks for them, which is a change.
    SiteSettings.load()
    settings.MIDDLEWARE = ["leadwatch.cache.PublicCacheMiddleware", *settings.MIDDLEWARE]


def test_a_page_that_was_made_once_costs_no_query(cached, client, django_assert_num_queries):
    event = factories.make_event()
    first = client.get(event.url)
    with django_assert_num_queries(0):
        second = client.get(event.url)
    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_change_is_seen_at_once(cached, client, django_capture_on_commit_callbacks):
    event = factories.make_event(title="Before")
    client.get(event.url)
    with django_capture_on_commit_callbacks(execute=True):
        event.title = "After"
        event.save_revision().publish()
    assert "After" in client.get(event.url).content.decode()


def test_a_change_is_seen_soon_if_who_made_it_was_killed_before_saying_so(cached, client, monkeypatch):
    event = factories.make_event(title="Before")
    event.title = "After"
    # The test's own transaction never ends, so that nobody tells of it.
    event.save_revision().publish()
    EventPage.objects.filter(pk=event.pk).update(title="Before")
    assert "Before" in client.get(event.url).content.decode()
    EventPage.objects.filter(pk=event.pk).update(title="After")
    assert "Before" in client.get(event.url).content.decode()
    later = time.time() + SOON + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert "After" in client.get(event.url).content.decode()


def test_an_upgrade_is_seen_at_once(cached, client, monkeypatch, settings):
    event = factories.make_event(title="Before")
    client.get(event.url)
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


def test_a_draft_makes_no_page_anew(django_capture_on_commit_callbacks):
    event = factories.make_event()
    before = content_version()
    with django_capture_on_commit_callbacks(execute=True):
        event.save_revision()
    assert content_version() == before


def test_a_page_that_is_taken_back_is_gone_at_once(cached, client, django_capture_on_commit_callbacks):
    event = factories.make_event()
    client.get(event.url)
    with django_capture_on_commit_callbacks(execute=True):
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
