"""Exports can be imported into another database without losing anything."""

import json
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerns.models import ConcernPage
from home.external_links.fetching import FetchError, Reason
from home.models import Correction, SiteDocument, SiteImage
from home.text import visible
from tests.support import factories
from timeline.exchange.exports import FORMATS, Export
from timeline.exchange.fields import read_event
from timeline.exchange.formats.slide_reader import KEY
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.exchange.references import downloads
from timeline.exchange.references.downloads import Downloads
from timeline.exchange.references.html import without_marks
from timeline.exchange.references.namer import Namer
from timeline.models import Era, EventCategory, EventPage, EventSource

pytestmark = pytest.mark.django_db

WAYS = ["json", "csv", "xlsx"]
# Every key of the format, with its traps: https://timeline.knightlab.com/docs/json-format.html
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


def planned(timeline, content, **options):
    timeline.refresh_from_db()
    return make_plan(timeline, read_file(content), **options)


def take_in(timeline, content, **options):
    plan = planned(timeline, content, **options)
    assert [row.problem for row in plan.rows if row.action == Action.REFUSE] == []
    return carry_out(plan)


def given_out(timeline, name="json"):
    """Export all events in a format, with drafts."""
    events = EventPage.objects.child_of(timeline).in_time_order()
    _content_type, write = FORMATS[name]
    pieces = write(Export(timeline, events, drafts=True))
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def records(timeline):
    """Return all fields of the events, without the places where images and files are stored."""
    events = [event.latest() for event in EventPage.objects.child_of(timeline).for_exchange().in_time_order()]
    namer = Namer(timeline, drafts=True)
    namer.load(events)
    return [without_places(read_event(event, namer)) for event in events]


def without_places(value):
    if isinstance(value, dict):
        places = {"sha1", "fetched_from"} | ({"url"} if "sha1" in value else set())
        return {name: without_places(child) for name, child in value.items() if name not in places}
    if isinstance(value, list):
        return [without_places(child) for child in value]
    return (
        re.sub(r"https?://[^#]*/files/\d+/[^#]*#sha1=\w+", "file:", value)
        if isinstance(value, str)
        else value
    )


def everything():
    """Make an event that has everything that an event can have."""
    concern, partner = factories.make_concern(slug="fit"), factories.make_partner(slug="swan")
    record, file = factories.make_document(slug="minutes"), factories.make_file()
    image = factories.make_image(credit="A. Photographer", descriptions={"es": "Foto"})
    figure = factories.make_figure(slug="arrests")
    links = (
        f'<p data-block-key="a1">See <a linktype="page" id="{concern.pk}">this</a>, '
        f'<a linktype="document" id="{file.pk}">that</a> and <a href="https://example.org/?a=1&amp;b=2">it</a>'
        "<br/><b>in bold</b></p>"
    )
    body = [
        {"type": "heading", "value": {"text": "A heading", "level": "h2"}},
        {"type": "text", "value": links},
        {"type": "callout", "value": {"heading": "", "text": links, "tone": "note"}},
        {
            "type": "image",
            "value": {
                "image": {"image": image.pk, "decorative": False, "alt_text": "Words"},
                "caption": "Caption",
            },
        },
        {"type": "chart", "value": {"figure": figure.pk, "caption": "", "form": "lines"}},
        {"type": "events", "value": {"timeline": None, "concern": concern.pk, "year": "2018", "limit": 3}},
        {"type": "document", "value": {"page": record.pk, "file": file.pk, "note": ""}},
        {
            "type": "related_pages",
            "value": {"heading": "", "pages": [{"type": "item", "value": concern.pk, "id": "i"}]},
        },
    ]
    event = factories.make_event(
        title="=All & <everything>",
        slug="everything",
        date="about 2016",
        end_date="May 2016",
        place="City Hall",
        summary="-Said on\ntwo lines",
        verification="disputed",
        lead_image=image,
        listing_image=image,
        concerns=[concern],
        partners=[partner],
        seo_title="For engines",
        search_description="Description",
        last_reviewed=date(2020, 1, 2),
        body=json.dumps(body),
        sources=[
            EventSource(
                title="One | with \\ a bar",
                publisher="P",
                url="https://example.org/",
                published="about 2018",
                accessed=date(2020, 1, 1),
                archived_url="https://archive.example/1",
                document=file,
                note="p. 4",
                sort_order=0,
            ),
            EventSource(title="Two", sort_order=1),
        ],
    )
    event.corrections = [Correction(kind="update", date=date(2021, 1, 1), text="New")]
    event.save_revision().publish()
    return event


def start_afresh(monkeypatch):
    """Set up another database with the pages that events belong to, and a site to download files from."""
    files = {}
    for thing in (*SiteImage.objects.all(), *SiteDocument.objects.all()):
        namer = Namer(factories.make_timeline())
        name = namer.name_image(thing)["url"] if isinstance(thing, SiteImage) else namer.name_document(thing)
        with thing.file.open() as file:
            files[name.partition("#")[0]] = file.read()
    for page in factories.make_home().get_children():
        page.delete()
    SiteImage.objects.all().delete()
    SiteDocument.objects.all().delete()
    EventCategory.objects.all().delete()
    factories.make_concern(slug="fit")
    factories.make_partner(slug="swan")
    factories.make_document(slug="minutes")
    monkeypatch.setattr(downloads, "fetch", files.__getitem__)
    return factories.make_timeline()


@pytest.mark.parametrize("way", WAYS)
def test_every_field_of_an_event_arrives_in_another_database(monkeypatch, way):
    timeline = everything().get_parent().specific
    before, content = records(timeline), given_out(timeline, way)
    assert before[0]["body"][3]["value"]["image"]["image"]["credit"] == "A. Photographer"
    timeline = start_afresh(monkeypatch)
    take_in(timeline, content, downloads=Downloads(), publish=True)
    after = records(timeline)
    if way != "json":
        # A sheet has a column for the category's name, and one for its slug.
        before[0]["category"]["description"] = after[0]["category"]["description"]
    assert without_marks(after) == without_marks(before)
    assert EventPage.objects.get().live
    again = planned(timeline, content, downloads=Downloads(), publish=True)
    assert [(row.action, row.changes) for row in again.rows] == [(Action.SAME, [])]


@pytest.mark.parametrize("way", WAYS)
def test_a_title_may_look_like_html(way):
    event = factories.make_event(title="<Permit denied")
    timeline = event.get_parent().specific
    (row,) = planned(timeline, given_out(timeline, way)).rows
    assert (row.action, row.title) == (Action.SAME, "<Permit denied")


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\u2028\u2029"),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split()))
# An import takes a headline without visible characters for none.
WORDS = TEXT.filter(visible)
DATES = st.dates(date(1, 1, 1), date(9000, 1, 1))
EDTF = st.builds(
    lambda day, length, about: day.isoformat()[:length] + "~" * about,
    DATES,
    st.sampled_from([4, 7, 10]),
    st.booleans(),
)
RECORDS = st.fixed_dictionaries(
    {
        "title": WORDS,
        "date": EDTF,
        "summary": WORDS,
        "place": TEXT,
        "verification": st.sampled_from(["confirmed", "reported", "disputed"]),
        "sources": st.lists(
            st.fixed_dictionaries({"title": WORDS, "publisher": TEXT, "note": TEXT}), max_size=3
        ),
    }
)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_event_survives_an_export_and_import(way, data):
    # Of an example that failed, which Hypothesis then makes smaller.
    EventPage.objects.all().delete()
    timeline = factories.make_timeline()
    for fields in data.draw(st.lists(RECORDS, min_size=1, max_size=3)):
        sources = [
            EventSource(sort_order=place, **source) for place, source in enumerate(fields.pop("sources"))
        ]
        factories.make_event(live=False, sources=sources, **fields)
    before, content = records(timeline), given_out(timeline, way)
    assert planned(timeline, content).counts[Action.SAME] == len(before)
    EventPage.objects.all().delete()
    timeline = factories.make_timeline()
    take_in(timeline, content)
    assert records(timeline) == before


def test_a_timelinejs_file_loses_nothing():
    timeline = factories.make_timeline()
    take_in(timeline, json.dumps(FILE).encode())
    data = json.loads(given_out(timeline))
    for name in ("title", "eras", "scale", "unknown"):
        assert data[name] == FILE[name]
    assert len(data["events"]) == len(SLIDES)
    for slide in SLIDES:
        kept = [{name: out.get(name) for name in slide} for out in data["events"]]
        assert kept.count(slide) == SLIDES.count(slide), slide


PART = st.integers(-3, 40) | st.sampled_from(["", "0", "5", "12", None])
DATE = st.dictionaries(st.sampled_from(["month", "day", "hour", "minute", "display_date"]), PART).flatmap(
    lambda parts: st.integers(-50, 2100).map(lambda year: parts | {"year": year})
)
MARKUP = st.sampled_from(
    ["", "Words", "<p>One</p><p>Two</p>", "<script>x</script>a<b", "a\n\nb", "<i>&amp;</i>"]
)
SLIDE = st.fixed_dictionaries(
    {"text": st.fixed_dictionaries({}, optional={"headline": MARKUP | WORDS, "text": MARKUP})},
    optional={
        "start_date": DATE,
        "end_date": DATE,
        "display_date": st.sampled_from(["", "Spring", "about 2017", "2017"]),
        "group": MARKUP,
        "unique_id": st.sampled_from(["", "a", "b", "A b"]),
        "media": st.fixed_dictionaries(
            {
                "url": st.sampled_from(
                    ["https://example.org/a.png", "<iframe src='https://example.org/f'>", "words"]
                )
            },
            optional={"caption": MARKUP, "credit": MARKUP, "x": st.none()},
        ),
        "own": st.dictionaries(WORDS, st.integers() | st.none() | WORDS, max_size=2),
    },
)


@settings(max_examples=30)
@given(slides=st.lists(SLIDE, min_size=1, max_size=5))
def test_no_slide_loses_a_word(slides):
    timeline = factories.make_timeline()
    content = json.dumps({"events": slides}).encode()
    take_in(timeline, content)
    out = json.loads(given_out(timeline))["events"]
    given = [{name: value for name, value in slide.items() if name != KEY} for slide in out]
    for slide in slides:
        assert any({**slide, "unique_id": 0} == {**kept, "unique_id": 0} for kept in given), slide
    assert not planned(timeline, content).changes_anything
    timeline.delete()


def test_an_export_has_what_an_editor_changed_and_all_else_unchanged():
    timeline = factories.make_timeline()
    take_in(timeline, json.dumps(FILE).encode())
    event = EventPage.objects.get(unique_id="first")
    event.title = "Our words"
    event.save_revision()
    slide = next(
        slide for slide in json.loads(given_out(timeline))["events"] if slide.get("unique_id") == "first"
    )
    assert slide["text"] == SLIDES[0]["text"] | {"headline": "Our words"}
    assert slide["start_date"] == SLIDES[0]["start_date"]
    assert planned(timeline, json.dumps(FILE).encode()).rows[0].action == Action.SAME


def test_a_second_import_changes_nothing():
    timeline = factories.make_timeline()
    content = json.dumps(FILE).encode()
    first = take_in(timeline, content)
    assert first.counts[Action.CREATE] == 6
    assert first.counts[Action.ASIDE] == 2
    second = planned(timeline, content)
    assert second.counts[Action.CREATE] == second.counts[Action.CHANGE] == 0
    assert not second.changes_anything


def test_images_that_cannot_be_downloaded_become_links(monkeypatch):
    def fetch(url):
        raise FetchError(Reason.GONE)

    monkeypatch.setattr(downloads, "fetch", fetch)
    timeline = factories.make_timeline()
    done = take_in(timeline, json.dumps(FILE).encode(), downloads=Downloads())
    assert done.downloads.problems == {"https://example.org/a.jpg": "It is not there."}
    event = EventPage.objects.get(unique_id="first").latest()
    assert event.lead_image is None
    assert 'href="https://example.org/a.jpg"' in str(event.body)


def test_downloaded_images_become_lead_images(monkeypatch):
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    timeline = factories.make_timeline()
    take_in(timeline, json.dumps(FILE).encode(), downloads=Downloads())
    event = EventPage.objects.get(unique_id="first").latest()
    assert (event.lead_image.description, event.lead_image.credit) == ("Alt", "A credit")
    assert "example.org" not in str(event.body)
    slide = json.loads(given_out(timeline))["events"]
    assert any(each.get("media") == SLIDES[0]["media"] for each in slide)


def test_eras_keep_their_precision():
    timeline = factories.make_timeline()
    timeline.eras = [Era(headline="About then", start="about 2016", end="May 2016")]
    timeline.save_revision().publish()
    content = given_out(timeline)
    timeline.delete()
    timeline = factories.make_timeline()
    factories.make_event()
    take_in(timeline, content)
    era = timeline.get_latest_revision_as_object().eras.get()
    assert (era.headline, str(era.start), str(era.end)) == ("About then", "2016~", "2016-05")


def test_public_exports_contain_nothing_from_drafts():
    concern = factories.make_concern(slug="secret-draft", live=False)
    factories.make_event(concerns=[concern], slug="public")
    factories.make_event(slug="hidden", live=False)
    timeline = factories.make_timeline()
    out = "".join(Export(timeline, timeline.events).as_json())
    assert "public" in out
    assert "secret-draft" not in out
    assert "hidden" not in out
    assert ConcernPage.objects.count() == 1
