from datetime import date

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import Correction
from tests.support import factories

pytestmark = pytest.mark.django_db


def test_the_feed_has_the_newest_events_first(client):
    factories.make_event(title="Old", date="2016")
    factories.make_event(title="New", date="2018-03", summary="What happened.", slug="new")
    feed = feedparser.parse(client.get("/timeline/feed/").content)
    assert not feed.bozo
    assert feed.feed.title == "Timeline"
    assert [entry.title for entry in feed.entries] == ["March 2018: New", "2016: Old"]
    assert feed.entries[0].link.endswith("/timeline/new/")
    assert feed.entries[0].summary == "What happened."
    assert [tag.term for tag in feed.entries[0].tags] == ["Policy"]
    assert feed.entries[0].id.startswith("urn:uuid:")


def test_the_feed_supports_filters(client):
    factories.make_event(title="Old", date="2016")
    factories.make_event(title="New", date="2018")
    feed = feedparser.parse(client.get("/timeline/feed/?year=2016").content)
    assert [entry.title for entry in feed.entries] == ["2016: Old"]
    assert next(link.href for link in feed.feed.links if link.rel == "self").endswith("/feed/?year=2016")
    ordered = feedparser.parse(client.get("/timeline/feed/?order=oldest").content)
    assert [entry.title for entry in ordered.entries] == ["2016: Old", "2018: New"]


def test_feed_and_files_are_linked(client):
    factories.make_event()
    page = client.get("/timeline/?year=2017").content.decode()
    assert 'type="application/atom+xml" href="/timeline/feed/?year=2017"' in page
    for name in ("json", "csv", "xlsx", "ics"):
        assert f'href="/timeline/events.{name}?year=2017"' in page


def test_the_feed_contains_corrections(client):
    lines = [
        Correction(kind="correction", date=date(2026, 3, 2), text="The year was wrong."),
        Correction(kind="update", date=date(2026, 4, 5), text="A source was found."),
    ]
    event = factories.make_event(summary="What happened.")
    event.corrections = lines
    event.save_revision().publish()
    entry = feedparser.parse(client.get("/timeline/feed/").content).entries[0]
    assert entry.summary.split("\n\n") == [
        "What happened.",
        "Update, April 5, 2026: A source was found.",
        "Correction, March 2, 2026: The year was wrong.",
    ]


def test_the_number_of_queries_does_not_depend_on_the_corrections(client):
    def queries_of_a_feed():
        # The first one after a change also looks up what is then kept.
        client.get("/timeline/feed/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/timeline/feed/")
        return len(queries)

    factories.make_event()
    few = queries_of_a_feed()
    for year in range(2010, 2019):
        factories.make_event(date=str(year))
    assert queries_of_a_feed() == few
