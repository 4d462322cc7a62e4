"""Events in lists: their HTML is kept, but it never outlives what it shows."""

from dataclasses import fields, replace

import pytest
from django.template import Context, Template
from django.utils.translation import override
from wagtail.models import Collection, CollectionViewRestriction

from home.models import SiteDocument
from tests.support import factories
from timeline.models import EventPage, EventSource
from timeline.models.listing import ListedEvent, ListedSource, listed
from timeline.templatetags.timeline_tags import event_html

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def event():
    """An event with everything that a list shows."""
    return factories.make_event(
        title="The vote",
        place="City Hall",
        category=factories.make_category("meetings"),
        sources=[EventSource(title="Minutes", url="https://example.org/", document=factories.make_file())],
        concerns=[factories.make_concern(title="Reach")],
        partners=[factories.make_partner(title="Sex Workers and Allies Network", short_name="SWAN")],
    )


def shown(**variables):
    """Return a list of all events as HTML."""
    template = Template('{% include "components/event_list.html" %}')
    return template.render(Context({"events": listed(EventPage.objects.in_time_order())} | variables))


def close(collection):
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")


CHANGES = {
    "title": lambda event: EventPage.objects.filter(pk=event.pk).update(title="Changed"),
    "slug": lambda event: EventPage.objects.filter(pk=event.pk).update(slug="changed"),
    "date": lambda event: EventPage.objects.filter(pk=event.pk).update(date="2019"),
    "place": lambda event: EventPage.objects.filter(pk=event.pk).update(place=""),
    "summary": lambda event: EventPage.objects.filter(pk=event.pk).update(summary="Changed"),
    "verification": lambda event: EventPage.objects.filter(pk=event.pk).update(verification="disputed"),
    "category": lambda event: type(event.category).objects.update(name="Changed"),
    "concern": lambda event: type(event.concerns.get()).objects.update(title="Changed"),
    "partner": lambda event: type(event.partners.get()).objects.update(short_name="Changed"),
    "hidden partner": lambda event: type(event.partners.get()).objects.update(live=False),
    "source": lambda event: event.sources.get() and EventSource.objects.update(title="Changed"),
    "note": lambda event: EventSource.objects.update(note="Page 3"),
    "no source": lambda event: EventSource.objects.all().delete(),
    "file": lambda event: SiteDocument.objects.update(file_size=5_000_000),
    "closed file": lambda event: close(Collection.get_first_root_node()),
    "no file": lambda event: SiteDocument.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_list_shows_each_change_at_once(event, change):
    before = shown()
    CHANGES[change](event)
    after = shown()
    assert after != before
    event_html.cache_clear()
    assert shown() == after


def test_a_list_is_shown_for_its_place_and_language(event):
    assert shown(level=4).count("<h4") == 1
    assert shown().count("<h3") == 1
    assert 'lang="en"' not in shown()
    english = [replace(each, language="en") for each in listed(EventPage.objects.all())]
    assert 'lang="en"' in shown(events=english)
    with override("es"):
        assert "Fuente:" in shown()


def test_an_event_that_did_not_change_is_not_rendered_again(event):
    event_html.cache_clear()
    shown()
    factories.make_event(title="Another")
    shown()
    shown()
    assert event_html.cache_info().misses == 2


@pytest.mark.parametrize("kind", [ListedEvent, ListedSource])
def test_events_and_sources_are_equal_only_if_all_that_is_shown_is_equal(event, kind):
    (listed_event,) = listed(EventPage.objects.all())
    thing = listed_event if kind is ListedEvent else listed_event.sources[0]
    for each in fields(kind):
        other = replace(thing, **{each.name: ("changed",)})
        # The other fields tell when the event was, in words and for machines.
        assert (other == thing) == (each.name in ("date", "end_date"))
