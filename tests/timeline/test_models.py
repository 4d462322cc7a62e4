from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.dates.parsing import parse
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db


def titles(events):
    return [event.title for event in events]


@pytest.fixture
def events():
    """Events of all precisions, written in no order."""
    for title, date in [
        ("day", "2016-10-25"),
        ("year", "2016"),
        ("about", "about 2016"),
        ("month", "December 2017"),
        ("first", "2011-10"),
    ]:
        factories.make_event(title=title, date=date)
    return EventPage.objects.all()


def test_events_stand_in_the_order_of_time_and_a_year_before_its_days(events):
    assert titles(events.in_time_order()) == ["first", "year", "about", "day", "month"]
    assert titles(events.in_time_order(newest_first=True)) == ["month", "day", "about", "year", "first"]


def test_each_event_leads_to_the_one_before_and_the_one_after(events):
    order = list(events.in_time_order())
    for before, after in pairwise(order):
        assert before.next_event == after
        assert after.previous_event == before
    assert order[0].previous_event is None
    assert order[-1].next_event is None


def test_the_preview_of_an_event_that_was_never_saved_is_the_page_that_it_will_be(client, events):
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


def test_a_draft_is_nobodys_neighbor(events):
    factories.make_event(title="draft", date="2016-10-26", live=False)
    assert events.get(title="day").next_event.title == "month"


def test_an_event_matches_every_year_that_it_touches():
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
def test_a_date_is_shown_as_exactly_as_it_is_known(client, date, shown, machine):
    event = factories.make_event(date=date)
    for address in (event.url, event.get_parent().url):
        html = client.get(address).content.decode()
        assert f'<time datetime="{machine}">{shown}</time>' in html


def test_an_event_cannot_end_before_it_begins():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="ends before it begins"):
        factories.make_event(date="2017", end_date="2016-12")


def test_the_identity_of_an_event_stays_when_its_date_changes_and_a_copy_gets_its_own():
    event = factories.make_event()
    identity = event.unique_id
    event.date = "2019"
    event.save_revision().publish()
    assert EventPage.objects.get().unique_id == identity
    assert event.copy(update_attrs={"slug": "copy"}).unique_id != identity


def test_sources_are_numbered_in_the_editors_order_with_all_that_is_known_of_them(client):
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


def test_a_timeline_of_200_events_costs_as_many_queries_as_one_of_10(client, django_assert_max_num_queries):
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
    for number in range(190):
        factories.make_event(date=f"{1800 + number}", concerns=[concern], partners=[partner])
    many, shown = cost()
    assert shown == 200
    assert many == few <= 20


@pytest.mark.parametrize(
    ("make", "relation"), [(factories.make_concern, "concerns"), (factories.make_partner, "partners")]
)
def test_what_belongs_to_a_page_is_shown_there_in_as_many_queries_for_ten_as_for_one(client, make, relation):
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
