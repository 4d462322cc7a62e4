"""The timeline drawn to scale."""

import datetime
import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from home.dates.values import PreciseDate
from tests.support import factories
from timeline.graphics.axis import Axis, assign_lanes
from timeline.graphics.scale import Zoom

DAYS = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
NEAR = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31))


@st.composite
def dates(draw, days):
    day, length = draw(days), draw(st.sampled_from(["year", "month", "day"]))
    month = day.month if length != "year" else None
    return PreciseDate(day.year, month, day.day if length == "day" else None, draw(st.booleans()))


@st.composite
def spans(draw, days):
    start, end = draw(dates(days)), draw(st.none() | dates(days))
    if end and end.last_day < start.first_day:
        start, end = end, start
    return start, end


EVENTS = st.one_of(
    st.lists(st.tuples(st.text(max_size=40), spans(days)), max_size=30) for days in (DAYS, NEAR)
).map(lambda found: [SimpleNamespace(title=title, date=date, end_date=end) for title, (date, end) in found])
ERAS = st.lists(st.tuples(st.text(max_size=20), spans(NEAR)), max_size=4).map(
    lambda found: [
        SimpleNamespace(headline=name, start=start, end=end or start) for name, (start, end) in found
    ]
)


def event(title, date, end=None):
    parse = PreciseDate.from_edtf
    return SimpleNamespace(title=title, date=parse(date), end_date=end and parse(end))


@given(EVENTS, ERAS, st.sampled_from(["", *Zoom.values]))
def test_each_event_has_one_marker_and_no_two_overlap(events, eras, zoom):
    axis = Axis(events, eras, zoom)
    assert sorted(map(id, events)) == sorted(id(marker.event) for marker in axis.markers)
    lanes = {}
    for marker in axis.markers:
        assert 0 <= marker.start <= marker.end <= axis.width
        assert axis.top <= marker.y <= axis.height
        lanes.setdefault(marker.lane, []).append(marker.interval())
    for intervals in lanes.values():
        for (_start, end), (following, _end) in pairwise(sorted(intervals)):
            assert end <= following + 1e-6
    for band in axis.bands:
        assert 0 <= band.start < band.end <= axis.width
    labels = [tick.start for tick in axis.ticks]
    assert labels == sorted(labels)


@given(EVENTS)
def test_later_events_are_further_right(events):
    axis = Axis(events)
    starts = [(marker.event.date.first_day, marker.start) for marker in axis.markers if not marker.is_point]
    assert [start for _day, start in sorted(starts)] == sorted(start for _day, start in starts)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))))
def test_lanes_are_as_few_as_possible(intervals):
    lanes = assign_lanes(intervals)
    most = max(
        (sum(start <= point < end for start, end in intervals) for point, _end in intervals), default=0
    )
    assert len(set(lanes)) == most


def test_a_day_is_a_point_and_a_month_is_an_open_stretch():
    axis = Axis(
        [event("Day", "2017-05-02"), event("Month", "2017-03"), event("About", "2017-06~")], zoom="month"
    )
    day, month, about = (
        next(m for m in axis.markers if m.event.title == name) for name in ("Day", "Month", "About")
    )
    assert (day.is_point, day.is_open, day.is_approximate) == (True, False, False)
    assert (month.is_point, month.is_open) == (False, True)
    assert about.is_approximate


def test_a_marker_reaches_to_the_end_of_its_event():
    axis = Axis([event("Long", "2016", "2018"), event("Point", "2016-01-01")], zoom="year")
    long = next(marker for marker in axis.markers if marker.event.title == "Long")
    assert long.end - long.start > axis.width * 0.9
    assert not long.is_open


def test_a_coarser_zoom_is_used_if_the_axis_would_be_too_wide():
    axis = Axis([event("First", "0001"), event("Last", "9999")], zoom="month")
    assert axis.zoom == Zoom.DECADE
    assert axis.width <= 24_000


def test_an_empty_timeline_has_no_markers():
    assert Axis([]).markers == []


@pytest.mark.django_db
class TestEmbed:
    def get(self, client, query=""):
        return client.get(f"/timeline/embed/?layout=axis{query}")

    def test_each_marker_links_to_its_event_in_the_list(self, client):
        factories.make_event(title="Launch", slug="launch", date="2017-11-29")
        factories.make_event(title="Protest", slug="protest", date="about 2016")
        text = self.get(client).content.decode()
        assert re.findall(r'<a class="axis-marker" href="#([^"]+)"', text) == [
            "event-protest",
            "event-launch",
        ]
        assert re.findall(r'<article class="event" id="([^"]+)"', text) == ["event-protest", "event-launch"]
        assert "<title>Protest, about 2016</title>" in text
        assert "style=" not in text

    def test_links_to_a_zoom_keep_the_other_parameters(self, client):
        factories.make_event()
        text = self.get(client, "&theme=dark&zoom=month").content.decode()
        assert 'href="?layout=axis&amp;theme=dark&amp;zoom=year#axis" target="_self"' in text
        assert re.search(r'zoom=month#axis" target="_self" aria-current="true"', text)

    def test_an_unknown_zoom_is_reported(self, client):
        factories.make_event()
        text = self.get(client, "&zoom=week").content.decode()
        assert "<!-- Not known here, and left out: zoom -->" in text
        assert 'aria-current="true"' in text

    def test_eras_are_bands_and_a_list(self, client):
        factories.make_event(date="2017")
        factories.make_era(headline="The <pilot>", start="November 2017", end="July 2018")
        factories.make_era(headline="Long ago", start="1900", end="1910")
        for address in ("/timeline/embed/?layout=axis", "/timeline/"):
            text = client.get(address).content.decode()
            assert "The &lt;pilot&gt;" in text
            assert '<time datetime="2017-11">November 2017</time>' in text
            assert "Long ago" not in text
        assert (
            "<title>The &lt;pilot&gt;, November 2017 to July 2018</title>"
            in self.get(client).content.decode()
        )

    def test_the_number_of_queries_does_not_depend_on_events_or_eras(self, client):
        factories.make_event()
        factories.make_era()
        self.get(client)
        with CaptureQueriesContext(connection) as few:
            self.get(client)
        for year in range(2001, 2007):
            factories.make_event(date=str(year))
            factories.make_era(start="2000", end=str(year))
        with CaptureQueriesContext(connection) as many:
            self.get(client)
        assert len(many) == len(few)

    def test_the_timeline_page_shows_the_axis_on_request(self, client):
        factories.make_event(slug="launch")
        assert "axis-marker" not in client.get("/timeline/").content.decode()
        assert 'href="?layout=axis#axis"' in client.get("/timeline/").content.decode()
        assert 'href="#event-launch"' in client.get("/timeline/?layout=axis").content.decode()
