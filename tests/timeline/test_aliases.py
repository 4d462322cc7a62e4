"""Timelines, files and lists contain an event once, as itself or as an alias."""

import csv
import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from icalendar import Calendar
from wagtail.models import Locale

from tests.support import factories
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern():
    return factories.make_concern(slug="fit")


@pytest.fixture
def event(concern):
    """An event with an alias on its own timeline, and two on another one."""
    event = factories.make_event(title="Protest", slug="protest", date="2017", concerns=[concern])
    factories.make_event(title="Launch", slug="launch", date="2018")
    event.create_alias(update_slug="protest-again", parent=event.get_parent())
    for slug in ("march", "march-again"):
        event.create_alias(update_slug=slug, parent=other_timeline())
    return event


def other_timeline():
    from timeline.models import TimelinePage

    found = TimelinePage.objects.filter(slug="streets").first()
    return found or factories.make_timeline(slug="streets", title="Streets")


def content_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def events_at(client, address):
    html = content_of(client, address).decode()
    return re.findall(r'<article class="event[^"]*" id="event-([^"]+)"', html)


def test_each_timeline_shows_an_event_once(client, event):
    here, there = factories.make_timeline(), other_timeline()
    for place in ("", "embed/", "embed/?layout=compact"):
        assert events_at(client, here.url + place) == ["protest", "launch"], place
        assert events_at(client, there.url + place) == ["march"], place
    assert events_at(client, f"{there.url}?q=protest") == ["march"]


def test_each_file_contains_an_event_once(client, event):
    here, there = factories.make_timeline(), other_timeline()
    for timeline, number in ((here, 2), (there, 1)):
        slides = json.loads(content_of(client, f"{timeline.url}events.json"))["events"]
        rows = list(
            csv.DictReader(content_of(client, f"{timeline.url}events.csv").decode("utf-8-sig").splitlines())
        )
        entries = Calendar.from_ical(content_of(client, f"{timeline.url}events.ics")).walk("VEVENT")
        feed = content_of(client, f"{timeline.url}feed/").decode()
        assert len(slides) == len(rows) == len(entries) == feed.count("<entry>") == number
        uids = [str(entry["uid"]) for entry in entries]
        assert len(set(uids)) == number
        assert event.unique_id in uids


def test_an_export_of_drafts_contains_an_event_once(client, event, tmp_path):
    here = factories.make_timeline()
    call_command("export_events", here.url, drafts=True, output=str(tmp_path / "events.json"))
    slides = json.loads((tmp_path / "events.json").read_text())["events"]
    assert [slide["text"]["headline"] for slide in slides] == ["Protest", "Launch"]
    client.force_login(get_user_model().objects.create_superuser("admin"))
    drafts = json.loads(content_of(client, f"/admin/event-exchange/{here.pk}.json"))
    assert len(drafts["events"]) == 2


def test_lists_of_events_of_all_timelines_show_an_event_once(client, event, concern):
    assert events_at(client, concern.url) == ["protest"]
    home = content_of(client, "/").decode()
    assert home.count(">Protest<") == 1
    assert content_of(client, "/feed/").decode().count("Protest</title>") == 1
    assert content_of(client, "/search/?q=protest").decode().count("data-result") == 1
    sitemap = content_of(client, "/sitemap.xml").decode()
    assert "/timeline/protest/" in sitemap
    assert "march" not in sitemap


def test_the_list_in_the_admin_shows_an_event_once(client, event):
    client.force_login(get_user_model().objects.create_superuser("admin"))
    assert content_of(client, "/admin/timeline/eventpage/").decode().count("Protest</a>") == 1


def test_previous_and_next_events_are_never_aliases_of_the_same_event(client, event):
    assert EventPage.objects.get(slug="launch").previous_event == event
    assert event.next_event.slug == "launch"
    assert event.previous_event is None


def test_an_alias_has_a_page_of_its_own(client, event):
    html = content_of(client, f"{other_timeline().url}march/").decode()
    assert "Protest</h1>" in html
    assert f'<link rel="canonical" href="{event.full_url}">' in html


def test_an_alias_is_deleted_with_its_original(client, event):
    event.unpublish()
    assert events_at(client, other_timeline().url) == []


def test_an_untranslated_event_is_not_on_the_spanish_timeline(client, event):
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    here = factories.make_timeline()
    here.get_parent().copy_for_translation(spanish).specific.save_revision().publish()
    timeline = here.copy_for_translation(spanish)
    timeline.save_revision().publish()
    event.create_alias(
        parent=timeline, update_slug="protesta", update_locale=spanish, reset_translation_key=False
    )
    translated = EventPage.objects.get(slug="launch").copy_for_translation(spanish)
    translated.save_revision().publish()
    assert events_at(client, "/es/timeline/") == ["launch"]
    assert events_at(client, "/es/timeline/embed/") == ["launch"]


def test_an_alias_is_not_a_possible_duplicate_of_its_original(event):
    assert [found.pk for found in EventPage.objects.that_may_be("Protest", event.date)] == [event.pk]


def test_aliases_take_no_further_query(client, event):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    there = other_timeline()
    client.get(there.url)
    with CaptureQueriesContext(connection) as few:
        client.get(there.url)
    for number in range(5):
        another = factories.make_event(title=f"Another {number}", date="2019")
        another.create_alias(parent=there, update_slug=f"another-{number}")
    client.get(there.url)
    with CaptureQueriesContext(connection) as many:
        client.get(there.url)
    assert len(many) == len(few)
