"""Odd characters of a file are cleaned as it is imported."""

import json

import pytest

from tests.support import factories
from tests.support.import_screens import confirm, send
from timeline.models import EventPage

pytestmark = pytest.mark.django_db

UNCLEAN = {
    "events": [
        {
            "start_date": {"year": "2019"},
            "text": {"headline": "Half an emoji \ud83d", "text": "a\x00b\ud83d"},
        },
        {
            "start_date": {"year": 2019},
            "unique_id": "own",
            "text": {"headline": "Case control\x0b here", "text": "<p>x</p>"},
            "lead_watch": {
                "unique_id": "own",
                "title": "Case control\x0b here",
                "date": "2019-03-02",
                "category": {"slug": "other", "name": "Oth\x0ber"},
                "summary": "Sum\x0bmary",
                "place": "City\x0bHall",
                "sources": [{"title": "Min\x0butes", "url": "https://example.org/a"}],
                "body": [{"type": "text", "value": "<p>a\x0bb\ud83d</p>"}],
            },
        },
    ],
}


def test_characters_that_no_format_can_hold_are_not_imported(admin_client):
    content = json.dumps(UNCLEAN)
    assert "\\u000b" in content
    assert "\\ud83d" in content
    confirm(admin_client, send(admin_client, factories.make_timeline(), content.encode(), publish="on"))
    event = EventPage.objects.get(title="Case control here")
    source = event.sources.get()
    assert (event.summary, event.place, source.title) == ("Sum\nmary", "City Hall", "Min utes")
    assert EventPage.objects.get(title="Half an emoji")
    for address in ("/feed/", "/timeline/feed/", "/timeline/events.json", "/timeline/events.csv"):
        response = admin_client.get(address)
        assert "Case control" in (response.getvalue() if response.streaming else response.content).decode()
