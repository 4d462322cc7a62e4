"""Whatever the database contains, every page and file is complete and can be read by strict parsers."""

import csv
import io
import json
import logging
from pydoc import locate
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook
from wagtail.models import Page

from home.models import ContactMessage, Correction, User
from tests.support import factories
from timeline.models import EventCategory, EventPage, EventSource, TimelinePage

pytestmark = pytest.mark.django_db

# Text that a column can contain, at least by SQL.
ODD = st.text(st.characters(codec="utf-8") | st.sampled_from("\x01\x0b\x0c\x1f\x85\u2028\ufffe\uffff\r\n=@"))
# JSON that no version of the site has written.
SHAPES = [
    *('{"a": 1}', "[1, 2]", "1", '"text"', "[null]", '[{"type": "text"}]', '[{"type": "text", "value": 5}]'),
    *(
        '[{"type": "text", "value": "\\ud800\\u000b\\u0000"}]',
        '[{"type": "picture", "value": {"image": 1e999}}]',
    ),
    *('[{"type": "picture", "value": 9223372036854775808}]', '[{"type": "quote", "value": [1]}]'),
    '[{"type": "video", "value": {"date": "2026-99-99"}}]',
]


def read_json(content):
    def refuse(name):
        raise ValueError(name)

    return json.dumps(json.loads(content, parse_constant=refuse))


def read_csv(content):
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return str(rows)


def read_xlsx(content):
    sheet = load_workbook(io.BytesIO(content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    return str(list(sheet.iter_rows(values_only=True)))


def read_ics(content):
    assert b"\r" not in content.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    return str([(entry["summary"], entry["description"]) for entry in calendar.walk("VEVENT")])


def read_feed(content):
    feed = feedparser.parse(content)
    assert not feed.bozo
    return str([entry.title for entry in feed.entries])


def read_xml(content):
    return ElementTree.tostring(ElementTree.fromstring(content), encoding="unicode")


def read_html(content):
    html = content.decode()
    for script in html.split('<script type="application/ld+json">')[1:]:
        read_json(script.partition("</script>")[0])
    return html


FILES = {
    "/feed/": read_feed,
    "/timeline/feed/": read_feed,
    "/timeline/events.json": read_json,
    "/timeline/events.csv": read_csv,
    "/timeline/events.ics": read_ics,
    "/timeline/events.xlsx": read_xlsx,
    "/sitemap.xml": read_xml,
    "/oembed/?format=xml&url=http://localhost/timeline/odd/": read_xml,
    "/oembed/?url=http://localhost/timeline/odd/": read_json,
}
PAGES = {
    **dict.fromkeys(["/timeline/", "/timeline/odd/", "/timeline/usual/", "/timeline/embed/"], read_html),
    **dict.fromkeys(["/", "/timeline/share/", "/search/?q=usual", "/concerns/"], read_html),
}
LISTS = [
    *("/admin/messages/export.csv", "/admin/messages/export.xlsx", "/admin/timeline/eventpage/?export=csv"),
    *("/admin/timeline/eventpage/?export=xlsx", "/admin/reports/site-history/?export=csv"),
    *("/admin/reports/site-history/?export=xlsx", "/admin/reports/aging-pages/?export=xlsx"),
]


def ask(client, address, read):
    response = client.get(address)
    assert response.status_code == 200, address
    content = response.getvalue() if response.streaming else response.content
    return read(content)


@pytest.fixture
def odd(client):
    """Create an event to fill with odd content, and one that stays normal."""
    concern = factories.make_concern(title="Consent")
    factories.make_event(title="Usual", slug="usual", date="2018")
    event = factories.make_event(title="Odd", slug="odd", date="2017", concerns=[concern])
    event.corrections = [Correction(kind="update", date="2020-01-02", text="Odd")]
    event.save_revision().publish()
    return event


def skip_what_postgresql_refuses(text):
    if connection.vendor == "postgresql" and "\\ud800" in text:
        pytest.skip("PostgreSQL keeps no half a character.")


def put(odd, text):
    """Store a text everywhere that an editor or visitor can write, bypassing validation."""
    Page.objects.filter(pk=odd.pk).update(title=text or "-")
    EventPage.objects.filter(pk=odd.pk).update(summary=text, place=text, unique_id=text)
    EventSource.objects.filter(owner=odd).update(title=text, publisher=text, note=text)
    Correction.objects.update(text=text)
    EventCategory.objects.update(name=text, description=text)
    TimelinePage.objects.update(summary=text)
    Page.objects.filter(slug__in=["timeline", "watch"]).update(title=text)
    ContactMessage.objects.update(form_data={"your_message": text})


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ODD)
def test_any_text_can_be_exported_in_every_format(client, odd, text):
    put(odd, text)
    for address, read in FILES.items():
        assert "sual" in ask(client, address, read) or "oembed" in address


def test_the_worst_text_can_be_exported_from_every_list_of_the_admin(client, odd):
    ContactMessage.objects.create(page=factories.make_contact(), form_data={})
    text = "\x01 =1+1\x0b\x1f\u2028\ufffe\uffff"
    put(odd, text)
    client.force_login(User.objects.create_superuser(f"editor{text}"))
    for address in LISTS:
        read = read_xlsx if "xlsx" in address else read_csv
        assert "=1+1" in ask(client, address, read)


@pytest.mark.parametrize("shape", SHAPES)
def test_malformed_json_breaks_nothing(client, odd, shape):
    skip_what_postgresql_refuses(shape)
    table = connection.ops.quote_name(EventPage._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET body = %s, imported = %s WHERE page_ptr_id = %s", [shape, shape, odd.pk]
        )
        cursor.execute("UPDATE timeline_timelinepage SET imported = %s", [shape])
    for address, read in (FILES | PAGES).items():
        content = ask(client, address, read)
        assert "sual" in content or address not in FILES or "oembed" in address, address


FACTS = [
    {"date": ""},
    {"date": Value("no date")},
    {"category": None},
    {"date": "9999-12-31"},
    {"date": "9999", "end_date": "9999-12"},
    {"date": "0001-01-01"},
    {"date": "0001", "end_date": "9999-12-31"},
    {"date": "2018", "end_date": "2016"},
    {"verification": "?"},
    {"unique_id": ""},
    {"first_published_at": None, "last_published_at": None},
]


@pytest.mark.parametrize("facts", FACTS, ids=str)
def test_odd_values_break_neither_files_nor_pages(client, odd, facts):
    EventPage.objects.filter(pk=odd.pk).update(**facts)
    for address, read in (FILES | PAGES).items():
        content = ask(client, address, read)
        assert "sual" in content or address not in FILES or "oembed" in address, address


@pytest.mark.parametrize("date", ["9999-12-31", "9999-12", "9999"])
def test_the_first_and_last_possible_dates_can_be_exported(client, date):
    factories.make_event(title="The end", date=date)
    (entry,) = Calendar.from_ical(client.get("/timeline/events.ics").getvalue()).walk("VEVENT")
    assert entry["summary"] == "The end"
    assert "dtend" not in entry or entry["dtend"].dt > entry["dtstart"].dt


@pytest.mark.parametrize(
    "data", [["a", None, {"b": 1}], "\ud800\x0b=1+1", {"your_message": {"a": ["\ud800"]}}, 5, {}]
)
def test_a_malformed_message_can_be_read_and_exported(client, data):
    skip_what_postgresql_refuses(json.dumps(data))
    message = ContactMessage.objects.create(page=factories.make_contact(), form_data={})
    ContactMessage.objects.create(page=message.page, form_data={"your_message": "Usual"})
    ContactMessage.objects.filter(pk=message.pk).update(form_data=data)
    client.force_login(User.objects.create_superuser("editor"))
    for address, read in (
        ("/admin/messages/", read_html),
        ("/admin/messages/export.csv", read_csv),
        ("/admin/messages/export.xlsx", read_xlsx),
    ):
        assert "Usual" in ask(client, address, read)
    assert client.get(f"/admin/messages/{message.pk}/").status_code == 200


BREAKS = {
    "/feed/": "home.feeds.page_item",
    "/timeline/feed/": "timeline.feeds.TimelineFeed.item",
    "/timeline/events.json": "timeline.exchange.exports.Export.slide",
    "/timeline/events.csv": "timeline.exchange.exports.Export.slide",
    "/timeline/events.xlsx": "timeline.exchange.exports.Export.slide",
    "/timeline/events.ics": "timeline.exchange.exports.Export.entry",
    "/sitemap.xml": "home.models.base.BasePage.get_sitemap_urls",
    "/admin/timeline/eventpage/?export=csv": "home.admin.lists.base.ListView.to_row_dict",
    "/admin/timeline/eventpage/?export=xlsx": "home.admin.lists.base.ListView.to_row_dict",
}


@pytest.mark.parametrize("address", BREAKS)
def test_a_failing_row_is_skipped_and_logged_without_its_text(
    admin_client, odd, address, monkeypatch, caplog
):
    owner, _dot, name = BREAKS[address].rpartition(".")
    make = locate(BREAKS[address])

    def fail_for_odd(*arguments):
        if any(getattr(argument, "pk", None) == odd.pk for argument in arguments):
            raise RuntimeError("Odd words")
        return make(*arguments)

    monkeypatch.setattr(locate(owner), name, fail_for_odd)
    caplog.set_level(logging.WARNING, "home.skipping")
    content = ask(admin_client, address, FILES.get(address) or (read_xlsx if "xlsx" in address else read_csv))
    assert "sual" in content
    lines = [record.getMessage() for record in caplog.records if record.name == "home.skipping"]
    assert lines == [f"EventPage {odd.pk} was skipped: RuntimeError"]
