from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.dates.parsing import parse
from tests.support import factories
from timeline.models import EventPage, EventSource, TimelinePage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def titles(events):
    return [event.title for event in events]


@pytest.fixture
def events():
    """Events with dates of every precision, not in order."""
    for title, date in [
        ("day", "2016-10-25"),
        ("year", "2016"),
        ("about", "about 2016"),
        ("month", "December 2017"),
        ("first", "2011-10"),
    ]:
        factories.make_event(title=title, date=date)
    return EventPage.objects.all()


def test_events_are_ordered_by_time_with_years_before_their_days(events):
    assert titles(events.in_time_order()) == ["first", "year", "about", "day", "month"]
    assert titles(events.in_time_order(newest_first=True)) == ["month", "day", "about", "year", "first"]


def test_each_event_has_a_previous_and_a_next_one(events):
    order = list(events.in_time_order())
    for before, after in pairwise(order):
        assert before.next_event == after
        assert after.previous_event == before
    assert order[0].previous_event is None
    assert order[-1].next_event is None


def test_the_preview_of_an_unsaved_event_shows_its_page(client, events):
    category = events[0].category
    new = EventPage(
        title="new", slug="new", date=parse("2016-10-25"), category=category, summary="A summary."
    )
    timeline = factories.make_timeline()
    new.sources = [EventSource(title="Minutes")]
    new.path, new.depth = timeline.path + "0009", timeline.depth + 1
    new.set_url_path(timeline)
    preview = new.make_preview_request().content.decode()
    assert "Minutes" in preview
    assert new.previous_event.title == "day"
    assert new.next_event.title == "month"


def test_drafts_are_not_previous_or_next_events(events):
    factories.make_event(title="draft", date="2016-10-26", live=False)
    assert events.get(title="day").next_event.title == "month"


def test_an_event_matches_every_year_of_its_span():
    factories.make_event(title="long", date="2016-10", end_date="2018-07")
    factories.make_event(title="short", date="2018-08")
    assert titles(EventPage.objects.all().overlapping([(2017, 2017)])) == ["long"]
    assert titles(EventPage.objects.all().overlapping([(2018, 2018)]).in_time_order()) == ["long", "short"]
    assert not EventPage.objects.all().overlapping([(2015, 2015), (2019, 2020)])


@pytest.mark.parametrize(
    ("date", "shown", "machine"),
    [
        ("2017-12", "December 2017", "2017-12"),
        ("2016", "2016", "2016"),
        ("2016~", "about 2016", "2016"),
        ("2016-10-25", "October 25, 2016", "2016-10-25"),
    ],
)
def test_dates_are_shown_with_their_precision(client, date, shown, machine):
    event = factories.make_event(date=date)
    for address in (event.url, event.get_parent().url):
        html = client.get(address).content.decode()
        assert f'<time datetime="{machine}">{shown}</time>' in html


def test_an_event_cannot_end_before_it_begins():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="ends before it begins"):
        factories.make_event(date="2017", end_date="2016-12")


def test_the_id_of_an_event_never_changes_and_a_copy_gets_a_new_one():
    event = factories.make_event()
    identity = event.unique_id
    event.date = "2019"
    event.save_revision().publish()
    assert EventPage.objects.get().unique_id == identity
    assert event.copy(update_attrs={"slug": "copy"}).unique_id != identity


def test_sources_are_numbered_in_order_and_shown_with_all_their_fields(client):
    sources = [
        EventSource(title="Second", sort_order=1),
        EventSource(
            title="First",
            publisher="Yale Daily News",
            url="https://example.org/first",
            archived_url="https://archive.example/first",
            published="2018-12",
            note="page 3",
            sort_order=0,
        ),
    ]
    html = client.get(factories.make_event(sources=sources).url).content.decode()
    assert html.index("First") < html.index("Second")
    for words in (
        "Yale Daily News",
        "https://example.org/first",
        "https://archive.example/first",
        "December 2018",
    ):
        assert words in html
    assert "page 3" in html
    assert 'id="source-2"' in html


def test_a_timeline_of_200_events_takes_as_many_queries_as_one_of_10(client, django_assert_max_num_queries):
    concern, partner = factories.make_concern(), factories.make_partner()
    address = factories.make_timeline().url

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        return len(queries), response.content.decode().count('class="event"')

    for number in range(10):
        factories.make_event(date=f"{2000 + number}", concerns=[concern], partners=[partner])
    few, shown = cost()
    assert shown == 10
    timeline, category = TimelinePage.objects.get(), factories.make_category()
    for number in range(190):
        # Without revisions, to be fast.
        event = EventPage(
            title=f"Meeting {number}",
            slug=f"meeting-{number}",
            summary="A summary.",
            date=f"{1800 + number}",
            category=category,
            concerns=[concern],
            partners=[partner],
        )
        event.sources = [EventSource(**factories.source_fields())]
        timeline.add_child(instance=event)
    many, shown = cost()
    assert shown == 200
    assert many == few <= 20


@pytest.mark.parametrize(
    ("make", "relation"), [(factories.make_concern, "concerns"), (factories.make_partner, "partners")]
)
def test_the_number_of_queries_does_not_depend_on_the_events_of_a_page(client, make, relation):
    page = make()
    costs = []
    for number in range(10):
        factories.make_event(title=f"Evidence {number}", date=f"{2000 + number}", **{relation: [page]})
        if number in (0, 9):
            client.get(page.url)
            with CaptureQueriesContext(connection) as queries:
                html = client.get(page.url).content.decode()
            costs.append(len(queries))
    assert html.index("Evidence 0") < html.index("Evidence 9")
    assert costs[0] == costs[1] <= 15
