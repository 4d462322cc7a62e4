"""What goes out comes in again, into another database, and nothing is lost on the way."""

import json

import pytest

from tests import factories
from timeline.exchange.exports import Export
from timeline.exchange.plans import Action, Plan
from timeline.exchange.reading import read_file
from timeline.exchange.slides import KEY
from timeline.models import EventPage

pytestmark = pytest.mark.django_db

# Every key of the format, with the traps of it: https://timeline.knightlab.com/docs/json-format.html
SLIDES = [
    {
        "unique_id": "first",
        "start_date": {"year": "2017", "month": "11", "day": "29", "hour": "0", "minute": 30, "format": "x"},
        "end_date": {"year": 2017, "month": 12},
        "display_date": "Late 2017",
        "text": {
            "headline": "The <i>pilot</i> &amp; the city",
            "text": "<p>One</p><p><b>Two</b></p>",
            "own": 1,
        },
        "media": {
            "url": "https://example.org/a.jpg",
            "caption": "A caption",
            "credit": "A credit",
            "thumbnail": "https://example.org/t.jpg",
            "alt": "Alt",
            "title": "T",
            "link": "https://example.org/",
            "link_target": "_blank",
        },
        "group": "<b>Police</b>",
        "background": {"url": "https://example.org/b.jpg", "alt": "B", "color": "#333", "text_background": 1},
        "autolink": False,
        "anything": {"else": ["that", 1, None]},
    },
    {"start_date": {"year": 2020}, "end_date": {"year": 2020, "month": 5}, "text": {"headline": "Trap"}},
    {"start_date": {"year": 2018, "hour": 0}, "text": {"headline": "Hour zero"}},
    {"start_date": {"year": -44, "month": 3, "day": 15}, "text": {"headline": "Before the first year"}},
    {"text": {"headline": "Without a date"}},
    {"start_date": {"year": 2019}, "text": {"headline": "Twice"}},
    {"start_date": {"year": 2019}, "text": {"headline": "Twice"}},
    {"start_date": {"year": 2019, "month": 2}, "media": {"url": "//youtu.be/x"}},
]
FILE = {
    "title": {"text": {"headline": "Title", "text": "Words"}, "media": {"url": "https://example.org/t.png"}},
    "events": SLIDES,
    "eras": [
        {"start_date": {"year": 2016}, "end_date": {"year": 2018, "month": 7}, "text": {"headline": "Era"}},
        {"start_date": {"year": -500}, "end_date": {"year": -400}, "text": {"headline": "Old"}},
    ],
    "scale": "human",
    "unknown": True,
}


def take_in(timeline, content, **options):
    plan = Plan(timeline, read_file("events", content), **options)
    assert [row.problem for row in plan.rows if row.action == Action.REFUSE] == []
    plan.apply()
    return plan


def given_out(timeline, name="json"):
    export = Export(timeline, EventPage.objects.child_of(timeline).in_time_order(), drafts=True)
    pieces = getattr(export, f"as_{name}")()
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def test_a_file_of_timelinejs_loses_nothing():
    timeline = factories.make_timeline()
    take_in(timeline, json.dumps(FILE).encode())
    data = json.loads(given_out(timeline))
    for name in ("title", "eras", "scale", "unknown"):
        assert data[name] == FILE[name]
    out = {
        slide["unique_id"] if KEY in slide else slide["text"]["headline"]: slide for slide in data["events"]
    }
    assert len(data["events"]) == len(SLIDES)
    ids = ["first", "trap", "hour-zero", "Before the first year", "Without a date", "twice", "twice-2"]
    for slide, identity in zip(SLIDES, [*ids, *(out.keys() - ids)], strict=True):
        assert {name: out[identity].get(name) for name in slide} == slide


def test_a_second_import_changes_nothing():
    timeline = factories.make_timeline()
    content = json.dumps(FILE).encode()
    first = take_in(timeline, content)
    assert first.counts[Action.CREATE] == 6
    assert first.counts[Action.ASIDE] == 2
    timeline.refresh_from_db()
    second = Plan(timeline, read_file("events", content))
    assert second.counts[Action.CREATE] == second.counts[Action.CHANGE] == 0
    assert not second.changes_anything
