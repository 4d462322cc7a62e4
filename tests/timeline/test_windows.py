"""A long timeline is shown in windows, which together have each event once."""

import json
import re
from itertools import pairwise

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import factories
from tests.support.many_events import make_events
from timeline import windows
from timeline.models import EventPage
from timeline.windows import MOST, WHOLE, windows_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PATHS = ("", "embed/", "?layout=axis", "?page=2", "share/", "feed/", "events.json?year=2000")
counts = st.dictionaries(st.integers(1, 9999), st.integers(1, 500), max_size=60)


@given(counts, st.booleans())
def test_windows_follow_each_other_and_end_with_years_or_parts_of_one_year(counts, newest_first):
    pairs = sorted(counts.items(), reverse=newest_first)
    found = windows_of(pairs)
    assert [window.start for window in found] == [0, *(window.stop for window in found[:-1])]
    assert found[-1].stop == sum(counts.values())
    assert [window.number for window in found] == list(range(1, len(found) + 1))
    if found[-1].stop <= WHOLE:
        assert len(found) == 1
        return
    assert all(0 < window.count <= MOST for window in found)
    for window in found:
        if window.parts:
            assert window.years == [year for year in window.years if counts[year] > MOST]
        else:
            assert window.count == sum(counts[year] for year in window.years)
    assert [year for year, _count in pairs] == list(dict.fromkeys(y for w in found for y in w.years))
    # No window could have taken the next year, too.
    for here, after in pairwise(found):
        assert here.parts or after.parts or here.count + counts[after.years[0]] > MOST


def test_the_labels_of_windows_name_their_years():
    found = windows_of([(None, 3), (2011, 60), (2012, 60), (2013, 30), (2014, 150)])
    assert [window.label for window in found] == [
        "2011",
        "2012 to 2013",
        "2014, part 1 of 2",
        "2014, part 2 of 2",
    ]
    assert windows_of([(None, 201), (812, 1)])[-1].label == "0812"


dates = st.one_of(
    st.integers(2009, 2014).map(str),
    st.integers(2009, 2014).map("{}~".format),
    st.tuples(st.integers(2009, 2014), st.integers(1, 12)).map(lambda parts: "{}-{:02}".format(*parts)),
    st.tuples(st.integers(2009, 2014), st.integers(1, 12), st.integers(1, 28)).map(
        lambda parts: "{}-{:02}-{:02}".format(*parts)
    ),
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "year": st.sampled_from(["2011", "2010-2012", "2013-2014", "1999"]),
        "category": st.sampled_from(["policy", "funding"]),
        "concern": st.just("fit"),
        "order": st.sampled_from(["oldest", "newest"]),
    },
)


@pytest.fixture
def small(monkeypatch):
    """Make windows small, so that few events need many of them."""
    monkeypatch.setattr(windows, "WHOLE", 5)
    monkeypatch.setattr(windows, "MOST", 3)


@pytest.fixture
def varied(small):
    """Return 24 events, of which some belong to a category or a concern."""
    factories.make_category("funding")
    events = make_events(["2010"] * 24)
    funding, fit = factories.make_category("funding"), factories.make_concern(slug="fit")
    EventPage.objects.filter(pk__in=[event.pk for event in events[::3]]).update(category=funding)
    for event in events[::4]:
        EventPage.concerns.through.objects.create(eventpage_id=event.pk, concernpage_id=fit.pk)
    return events


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(dates, st.integers(0, 3)), min_size=24, max_size=24), queries, st.booleans())
def test_the_windows_have_each_matching_event_once_and_in_order(client, varied, chosen, query, in_frame):
    for event, (date, years) in zip(varied, chosen, strict=True):
        # Spans of several years match the filter of each of them.
        event.date, event.end_date = date, f"{int(date[:4]) + years}" if years else ""
    EventPage.objects.bulk_update(varied, ["date", "end_date"])
    timeline = factories.make_timeline()
    parameters = QueryDict(mutable=True)
    parameters.update(query)
    filters = timeline.read_filters(parameters)
    expected = [event.slug for event in filters.apply(timeline.events)]
    address = f"{timeline.frame_url if in_frame else timeline.url}?{parameters.urlencode()}"
    found, visited = [], 0
    while address:
        html = client.get(address).content.decode()
        shown = re.findall(r'<article class="event" id="event-([^"]+)"', html)
        assert len(shown) <= 5
        found += shown
        visited += 1
        after = re.search(r'<a rel="next" href="([^"]+)#part"', html)
        address = after and after[1].replace("&amp;", "&")
    assert found == expected
    assert visited == 1 if len(expected) <= 5 else visited >= len(expected) / 3


@pytest.fixture
def timeline():
    """Return a timeline of three windows: 2011, 2012 and 2013 with 90 events each."""
    make_events([f"{2011 + number % 3}-{number // 3 % 12 + 1:02}" for number in range(270)])
    return factories.make_timeline()


def shown_on(html):
    return re.findall(r'<article class="event[^"]*" id="event-([^"]+)"', html)


def test_a_window_says_what_is_shown_and_links_to_the_others(client, timeline):
    html = client.get(f"{timeline.url}?page=2").content.decode()
    assert len(shown_on(html)) == 90
    assert "<strong>270 events</strong>" in html
    assert "Shown here: <strong>2012</strong>, events 91 to 180 of 270." in html
    assert f'<link rel="canonical" href="{timeline.full_url}?page=2">' in html
    for name, query, label in (("prev", "", "Previous: 2011"), ("next", "?page=3", "Next: 2013")):
        assert f'<link rel="{name}" href="{timeline.url}{query}">' in html
        assert f'<a rel="{name}" href="{timeline.url}{query}#part" target="_self">{label}</a>' in html
    assert f'href="{timeline.url}?page=3#year-2013"' in html
    assert f'href="{timeline.url}#year-2011"' in html
    assert (
        f"All 270 events are at {timeline.full_url}, and as a table at {timeline.full_url}events.csv." in html
    )


def test_a_timeline_of_one_window_has_no_such_links(client):
    make_events([f"{1900 + number % 100}" for number in range(WHOLE)])
    html = client.get(factories.make_timeline().url).content.decode()
    assert len(shown_on(html)) == WHOLE
    assert "windows" not in html
    assert 'href="#year-1900"' in html


def test_windows_keep_filters_and_the_picture(client, timeline):
    html = client.get(f"{timeline.url}?layout=axis&order=newest&page=2").content.decode()
    assert f'href="{timeline.url}?layout=axis&amp;order=newest&amp;page=3#part"' in html
    assert html.count('class="axis-marker"') == 90
    assert 'href="?layout=axis&amp;order=newest&amp;page=2&amp;zoom=year#axis"' in html
    html = client.get(f"{timeline.url}?year=2012-2013&order=newest&page=2").content.decode()
    assert len(shown_on(html)) == 180
    assert "ignored: part of the timeline" in html


@pytest.mark.parametrize("page", ["0", "4", "-1", "two", "99999", "²"])
@pytest.mark.parametrize("path", ["", "embed/"])
def test_an_unknown_window_is_the_first_one_and_the_page_says_so(client, timeline, path, page):
    html = client.get(f"{timeline.url}{path}", {"page": page}).content.decode()
    assert "events 1 to 90 of 270" in html
    assert ("part of the timeline" in html) or ("left out: page -->" in html)


def test_a_year_with_many_events_has_several_parts(client):
    make_events([f"2015-{number % 12 + 1:02}" for number in range(250)])
    url = factories.make_timeline().url
    html = client.get(f"{url}?page=2").content.decode()
    assert "<strong>2015, part 2 of 3</strong>, events 84 to 166 of 250." in html
    assert '2015<span class="year-continued">, continued</span></h2>' in html
    assert f'<a href="{url}?page=3#part" target="_self">3</a>' in html
    assert f'<a href="{url}?page=2#part" target="_self" aria-current="page">2</a>' in html


def test_the_limit_of_a_frame_counts_the_events_of_all_windows(client, timeline):
    assert len(shown_on(client.get(f"{timeline.url}embed/?limit=150").content.decode())) == 150
    html = client.get(f"{timeline.url}embed/?limit=250&page=3").content.decode()
    assert len(shown_on(html)) == 70
    assert "events 181 to 250 of 250" in html
    assert "70 of 270 events." in html


@pytest.mark.parametrize("path", ["", "embed/"])
def test_an_event_is_found_in_its_window(client, timeline, path):
    event = EventPage.objects.filter(date__startswith="2013").last()
    response = client.get(f"{timeline.url}{path}?order=oldest&event={event.slug}")
    assert response.status_code == 302
    assert response["Location"] == f"{timeline.url}{path}?order=oldest&page=3#event-{event.slug}"
    assert event.slug in shown_on(client.get(response["Location"]).content.decode())
    # It isn't among these.
    response = client.get(f"{timeline.url}{path}?year=2011&event={event.slug}")
    assert response.status_code == 200
    assert re.search(r"ignored: event|left out: event -->", response.content.decode())


def test_exports_and_feeds_are_whole(client, timeline):
    data = json.loads(b"".join(client.get(f"{timeline.url}events.json?page=2").streaming_content))
    assert len(data["events"]) == 270
    assert client.get(f"{timeline.url}feed/?page=2").content.count(b"<entry>") == 100
    html = client.get(f"{timeline.url}?year=2011-2013&page=2").content.decode()
    assert f'href="{timeline.url}events.csv?year=2011-2013"' in html


def test_the_number_of_queries_does_not_depend_on_the_number_of_events(client):
    concern, partner = factories.make_concern(), factories.make_partner()
    timeline, costs, number = factories.make_timeline(), [], 0

    def queries(path):
        with CaptureQueriesContext(connection) as found:
            response = client.get(f"{timeline.url}{path}")
            assert timeline.title in (b"".join(response) if response.streaming else response.content).decode()
        return len(found)

    for size in (20, 200, 2000):
        dates = [f"{2000 + place % 20}-{place % 12 + 1:02}" for place in range(number, size)]
        make_events(dates, timeline, [concern], [partner])
        number = size
        for path in PATHS:
            queries(path)
        costs.append([queries(path) for path in PATHS])
    assert costs[0] == costs[1]
    # The page for partners doesn't list so many events.
    assert all(many <= few for few, many in zip(costs[0], costs[2], strict=True))
