import csv
import io
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from timeline.exchange.formats.columns import HEADERS
from timeline.exchange.formats.slide_reader import NotAnEvent, read_slide
from timeline.exchange.imports.reading import UnreadableFile, read_file

HEADING = "Year,Month,Headline,Type,Group\r\n"


def read(text, encoding="utf-8"):
    return read_file(text.encode(encoding))


def test_a_sheet_has_a_title_eras_and_events():
    rows = [",,The title,title,", "2016,,An era,era,", "2017,11,First,,", ",,,,", "2018,,Second title,title,"]
    found = read(HEADING + "\r\n".join(rows))
    assert found.title["text"]["headline"] == "The title"
    assert [era["text"]["headline"] for era in found.eras] == ["An era"]
    # As in TimelineJS, a second title is an event. Empty rows are skipped.
    headlines = [(item.number, item.slide["text"]["headline"]) for item in found.items]
    assert headlines == [(4, "First"), (6, "Second title")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_any_program_are_read(encoding):
    assert read(HEADING + "2017,,Café,,\r\n", encoding).items[0].slide["text"]["headline"] == "Café"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_have_other_delimiters(delimiter):
    found = read("Year,Headline\r\n2017,First\r\n".replace(",", delimiter))
    assert found.items[0].slide["start_date"] == {"year": "2017"}


def test_a_cell_may_have_line_breaks_of_all_kinds():
    found = read('Year,Headline,Text\r\n2017,A,"one\ntwo\u2028three"\r\n')
    assert found.items[0].slide["text"]["text"] == "one\ntwo\u2028three"


def test_a_workbook_is_a_sheet():
    book, content = Workbook(), io.BytesIO()
    book.active.append(["Year", "Month", "Headline"])
    book.active.append([2017.0, 11, "First"])
    book.save(content)
    (item,) = read_file(content.getvalue()).items
    assert item.slide["start_date"] == {"year": "2017", "month": "11"}


def test_unknown_columns_are_named():
    assert "Mood" in read("Year,Headline,Mood\r\n2017,A,good\r\n").notes[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hello",
        b"{",
        b"[]",
        b"{}",
        b'{"events": 1}',
        b"PK\x03\x04 no archive",
        b"\x00\xff\xfe\x01",
        b"<html>",
        b"[" * 100_000,
        b"Name,Phone\r\nA,1\r\n",
    ],
)
def test_a_file_without_events_is_refused_with_a_reason(content):
    with pytest.raises(UnreadableFile) as refused:
        read_file(content)
    assert str(refused.value)


@pytest.mark.parametrize("slide", [None, 1, "x", [], ["a"]])
def test_data_that_is_no_slide_is_refused(slide):
    (item,) = read_file(json.dumps({"events": [slide]}).encode()).items
    assert item.problem


def test_ids_come_from_the_file_and_never_from_a_headline():
    own = {"unique_id": "ours"}
    slides = [{}, {"unique_id": " a "}, {"unique_id": 7}, {"unique_id": "a", "lead_watch": own}]
    slides = [slide | {"text": {"headline": "Two words"}} for slide in slides]
    items = read_file(json.dumps({"events": slides}).encode()).items
    assert [item.given_id for item in items] == ["", "a", "7", "ours"]


CELL = st.text(max_size=8) | st.sampled_from(
    ["Year", "Headline", "Date", "2019", "5/3/12", '"', "''", "\r", "Ã©"]
)


@given(st.lists(st.lists(CELL, max_size=5), max_size=5), st.sampled_from(",;\t|"), st.binary(max_size=4))
def test_any_table_is_read_or_refused_with_a_reason(rows, delimiter, tail):
    text = "\n".join(delimiter.join(row) for row in [["Year", "Headline", "Start Date"], *rows])
    with suppress(UnreadableFile):
        for item in read_file(text.encode("utf-8", "replace") + tail).items:
            assert item.slide or item.problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["2019"]),
    lambda child: (
        st.lists(child, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["year", "start_date", "text", "headline", "date", "startDate", "lead_watch", "x"]
            ),
            child,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["events", "timeline"]))
def test_any_json_is_read_or_refused_with_a_reason(data, name):
    content = json.dumps({name: [data] if name == "events" else {"date": [data], "asset": data}})
    with suppress(UnreadableFile):
        for item in read_file(content.encode()).items:
            with suppress(NotAnEvent):
                read_slide(item.slide)


OUR_HEADERS = st.lists(st.sampled_from([*HEADERS, "Start Date", "Date to sort by", "Title"]), unique=True)
CELLS = (
    CELL
    | JSON.map(json.dumps)
    | st.dictionaries(st.sampled_from(["date", "title", "unique_id"]), JSON).map(json.dumps)
)


@settings(max_examples=30)
@given(st.data(), OUR_HEADERS)
def test_any_table_of_ours_is_read_or_refused_with_a_reason(data, headers):
    headers = [*headers, "Unique ID"]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=3))
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    with suppress(UnreadableFile):
        for item in read_file(text.getvalue().encode("utf-8", "replace")).items:
            assert item.slide or item.problem
