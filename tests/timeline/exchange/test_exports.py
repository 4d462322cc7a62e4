"""Exports of a timeline, read by the programs that they are for."""

import csv
import gc
import io
import json
import tracemalloc
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from openpyxl import load_workbook
from wagtail.models import Locale, PageViewRestriction

from home.accounts.log import count_failed_sign_in, log_sign_in
from tests.support import factories
from timeline.exchange import exports
from timeline.exchange.exports import FORMATS, Export
from timeline.exchange.formats.columns import HEADERS
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db

TIMELINEJS = [
    *("Year", "Month", "Day", "Time", "End Year", "End Month", "End Day", "End Time", "Display Date"),
    *("Headline", "Text", "Media", "Media Credit", "Media Caption", "Media Thumbnail", "Alt Text"),
    *("Type", "Group", "Background"),
]


@pytest.fixture
def ask(client):
    """Return the response at an address below the timeline, and its content."""

    def ask(name, **options):
        response = client.get(f"/timeline/{name}", **options)
        response.whole = response.getvalue() if response.streaming else response.content
        return response

    return ask


def read_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_json_is_a_timelinejs_file_with_our_own_data_in_each_slide(ask):
    factories.make_event(title="Q & A", slug="q", date="2017-11", end_date="2018", summary="<Words>")
    response = ask("events.json")
    assert response["Content-Type"] == "application/json"
    data = json.loads(response.whole)
    (slide,) = data["events"]
    assert data["title"]["text"]["headline"] == "Timeline"
    assert slide["start_date"] == {"year": 2017, "month": 11}
    assert slide["end_date"] == {"year": 2018}
    assert slide["text"]["headline"] == "Q &amp; A"
    assert "&lt;Words&gt;" in slide["text"]["text"]
    assert slide["group"] == "Policy"
    assert slide["lead_watch"]["date"] == "2017-11"
    assert slide["lead_watch"]["url"].endswith("/timeline/q/")
    assert slide["lead_watch"]["sources"][0]["title"] == "City and citizens discuss LEAD"


def test_an_end_in_the_first_year_of_a_less_exact_start_is_not_lost(ask):
    factories.make_event(date="2020", end_date="May 2020")
    slide = json.loads(ask("events.json").whole)["events"][0]
    # TimelineJS drops an end that equals its start in every part that the start has.
    assert any(slide["end_date"].get(part) != value for part, value in slide["start_date"].items())


def test_an_approximate_date_is_displayed_in_words(ask):
    factories.make_event(date="about 2016")
    assert json.loads(ask("events.json").whole)["events"][0]["display_date"] == "about 2016"


def test_csv_has_the_columns_of_timelinejs_and_ours_after_them(ask):
    factories.make_event(title="Launch", date="2017-11-29", place="City Hall", slug="launch")
    response = ask("events.csv")
    assert response["Content-Type"].startswith("text/csv")
    (row,) = read_rows(response.whole)
    assert list(row)[: len(TIMELINEJS)] == TIMELINEJS
    assert (row["Year"], row["Month"], row["Day"], row["Headline"]) == ("2017", "11", "29", "Launch")
    assert (row["Date"], row["Place"], row["Slug"]) == ("2017-11-29", "City Hall", "launch")
    assert row["Sources"] == "City and citizens discuss LEAD | Yale Daily News"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "'=1", "''-"])
def test_no_cell_of_text_is_a_formula(ask, title):
    factories.make_event(title=title, summary=title)
    (row,) = read_rows(ask("events.csv").whole)
    assert row["Headline"][0] not in "=+-@\t\r"
    assert row["Summary"] == f"'{title}"
    book = load_workbook(io.BytesIO(ask("events.xlsx").whole))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}


def test_xlsx_opens_as_a_workbook_of_the_same_rows(ask):
    factories.make_event(title="Launch")
    factories.make_event(title="Protest", body=json.dumps([{"type": "text", "value": "x" * 40_000}]))
    rows = list(load_workbook(io.BytesIO(ask("events.xlsx").whole)).active.iter_rows(values_only=True))
    assert list(rows[0]) == HEADERS
    assert {row[HEADERS.index("Headline")] for row in rows[1:]} == {"Launch", "Protest"}
    assert "(too long for a cell)" in {row[-1] for row in rows}


def test_ics_is_a_calendar_of_whole_days(ask):
    factories.make_event(title="Launch", date="2017-11", place="City Hall", slug="launch")
    response = ask("events.ics")
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.whole)
    (entry,) = calendar.walk("VEVENT")
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (date(2017, 11, 1), date(2017, 12, 1))
    assert (entry["summary"], entry["location"]) == ("Launch", "City Hall")
    assert entry["uid"] == EventPage.objects.get().unique_id
    assert entry["url"].endswith("/timeline/launch/")
    assert "November 2017" in entry["description"]


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_can_be_filtered(ask, extension):
    factories.make_event(title="Early", date="2016")
    factories.make_event(title="Late", date="2019")
    content = ask(f"events.{extension}", query_params={"year": "2019"}).whole
    if extension == "xlsx":
        content = repr(list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))).encode()
    assert b"Late" in content
    assert b"Early" not in content


@pytest.mark.parametrize("name", [f"events.{extension}" for extension in FORMATS] + ["feed/"])
def test_an_unchanged_export_is_not_sent_again(ask, name):
    event = factories.make_event()
    first = ask(name)
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "frame-ancestors 'none'" in first["Content-Security-Policy"]
    assert "Set-Cookie" not in first
    assert ask(name, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert ask(name, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    other = ask(name, query_params={"year": "1999"})
    assert other["ETag"] != first["ETag"]
    event.title = "Another title"
    event.save_revision().publish()
    assert ask(name, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("name", ["events.json", "events.csv", "events.ics", "events.xlsx", "feed/"])
def test_only_public_timelines_are_exported(ask, client, name):
    factories.make_event(title="Seen")
    timeline = factories.make_timeline()
    assert ask(name).status_code == 200
    assert client.get(f"/es/timeline/{name}").status_code == 404
    assert client.get(f"/concerns/{name}").status_code == 404
    PageViewRestriction.objects.create(page=timeline, restriction_type="login")
    assert ask(name).status_code != 200
    PageViewRestriction.objects.all().delete()
    timeline.unpublish()
    assert ask(name).status_code == 404


def test_a_spanish_timeline_exports_its_own_events(client):
    factories.make_event(title="English")
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    home = factories.make_home().copy_for_translation(spanish)
    home.save_revision().publish()
    timeline = factories.make_timeline().copy_for_translation(spanish)
    timeline.slug = "timeline"
    timeline.save_revision().publish()
    category = factories.make_category().copy_for_translation(spanish)
    category.save()
    factories.make_event(timeline, title="Español", locale=spanish, category=category)
    data = json.loads(client.get("/es/timeline/events.json").getvalue())
    assert [slide["text"]["headline"] for slide in data["events"]] == ["Español"]


def make_many(count, start=0):
    category, timeline = factories.make_category(), factories.make_timeline()
    for number in range(start, count):
        sources = [EventSource(title=f"Source {number}", sort_order=0)]
        event = EventPage(
            title=f"Event {number}",
            slug=f"event-{number}",
            summary="Words. " * 40,
            date=str(1800 + number % 200),
            category=category,
        )
        event.sources = sources
        timeline.add_child(instance=event)
    return timeline


@pytest.mark.parametrize("extension", FORMATS)
def test_ten_events_cost_as_many_queries_as_two(ask, django_assert_num_queries, extension):
    make_many(2)
    ask(f"events.{extension}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        ask(f"events.{extension}")
    number = len(few)
    make_many(10, start=2)
    # The first request after a change also looks up what is then kept.
    ask(f"events.{extension}")
    with django_assert_num_queries(number):
        ask(f"events.{extension}")


@pytest.mark.parametrize("write", [Export.as_json, Export.as_csv, Export.as_ics])
def test_memory_does_not_grow_with_the_number_of_events(monkeypatch, request, write):
    monkeypatch.setattr(exports, "BATCH", 5)
    timeline = make_many(40)
    every = timeline.events.in_time_order()
    some = timeline.events.filter(pk__in=list(every.values_list("pk", flat=True)[:10])).in_time_order()

    # Earlier objects need not be counted again for each piece.
    gc.freeze()
    request.addfinalizer(gc.unfreeze)

    def peak(events):
        tracemalloc.start()
        for _piece in write(Export(timeline, events)):
            # Models have reference cycles, which Python collects only now and then.
            gc.collect()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(every)
    assert peak(every) < 1.3 * peak(some)


def test_the_command_writes_a_file(tmp_path):
    factories.make_event(title="Public")
    factories.make_event(title="Draft", live=False)
    call_command("export_events", "timeline", format="csv", output=str(tmp_path / "a.csv"))
    call_command("export_events", "/timeline/", format="csv", output=str(tmp_path / "b.csv"), drafts=True)
    titles = [
        {row["Headline"] for row in read_rows((tmp_path / name).read_bytes())} for name in ("a.csv", "b.csv")
    ]
    assert titles == [{"Public"}, {"Public", "Draft"}]


def test_visitors_cannot_tell_when_somebody_signs_in(ask, django_user_model):
    factories.make_event()
    person = django_user_model.objects.create_user("ana")
    first = ask("events.json")
    log_sign_in(None, person)
    count_failed_sign_in(None, {"username": "ana"})
    second = ask("events.json")
    assert second["ETag"] == first["ETag"]
    assert second["Last-Modified"] == first["Last-Modified"]
