"""Files as people have them: each is read, or its notes say what was not understood."""

import json
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.utils.translation import override

from home.dates.values import PreciseDate
from tests.support import factories
from timeline.exchange.formats.slide_reader import NotAnEvent, read_era, read_slide
from timeline.exchange.imports.reading import UnreadableFile, read_file

FILES = Path(__file__).parents[1] / "files"
# For each file, its notes, and the number, date and messages of each row.
EXPECTED = {
    "csv_bare_quotes.csv": (
        [],
        [(2, "2019-05-03", ""), (3, None, "Its quotation marks don't match"), (4, "2019-05-05", "")],
    ),
    "csv_blank_rows_above.csv": ([], [(4, "2015-01-10", "")]),
    "csv_cr_only_semicolons.csv": ([], [(2, "2019-03-04", "")]),
    "csv_date_column_only.csv": ([], [(2, "2019-03-04", ""), (3, "2018-05-01", "")]),
    "csv_duplicate_headings.csv": (
        ["“Text” appears more than once. Only the first"],
        [(2, "2019", ""), (3, "2018", "")],
    ),
    "csv_macroman.csv": (
        ["read as Mac Roman; please check: Découverte, à, l’hôpital, été, reçu"],
        [(2, "2015-01-10", ""), (3, "2016", "")],
    ),
    "csv_month_names.csv": (
        [],
        [
            (2, "2019-03-04", ""),
            (3, "2019-09-04", ""),
            (4, None, "not a year: 2019?"),
            (5, None, "not a year: 1990s"),
            (6, "1998~", ""),
            (7, None, "not a year: 2017-2018"),
            (8, "2019-03-04", ""),
            (9, "2019-03-04", ""),
        ],
    ),
    "csv_reversed_range.csv": (
        [],
        [
            (2, None, "It ends before it begins"),
            (3, None, "Its end date cannot be read. It has a month or a day but no year: 3-9"),
            (4, None, "Its end date cannot be read. It has a day but no month: day 9"),
            (5, None, "It has a day but no month: day 4"),
        ],
    ),
    "csv_sep_line.csv": ([], [(3, "2019-05-03", "")]),
    "csv_start_date_forms.csv": (
        [],
        [
            (2, "2012-05-03", "“5/3/2012” is read as May 3, 2012. Numbers are read month first."),
            (3, "2012-05-03", "Its time of day is kept"),
            (4, "2012-05-03", "Its time of day is kept"),
            (5, "2012-05-03", ""),
            (6, None, "03.05.2012. Numbers are read month first"),
            (7, None, "25/12/2014. Numbers are read month first"),
            (8, "2012-05-03", "“5/3/12” is read as May 3, 2012"),
            (9, "2012-05-03", ""),
            (10, "2012-05-03", "“05-03-2012” is read as May 3, 2012"),
            (11, None, "May-12. It may be a month or a day"),
            (12, None, "41032. Excel keeps May 3, 2012 as this number"),
            (13, None, "-200"),
            (14, "2012-05-03", "the one in row 3"),
        ],
    ),
    "csv_start_date_two_digit_year.csv": (
        [],
        [(2, "2012-05-03", "“5/9/12” is read as May 9, 2012"), (3, "2020-03-11", ""), (4, None, "read: 12.")],
    ),
    "csv_timelinejs_plus_date_column.csv": (
        ["left out: Date."],
        [(2, "2019-03-04", ""), (3, "2018-05-01", "")],
    ),
    "csv_timelinejs_plus_own_named_columns.csv": (
        ["left out: Place, Category, Verification, Summary, Sources, Slug."],
        [(2, "2019-03-04", "")],
    ),
    "json_empty_end_date.json": (
        [],
        [
            (1, "2019-03-04", ""),
            (2, "2019-03-04", ""),
            (3, "2019-03-04", ""),
            (4, None, "Its end date cannot be read. It has a month or a day but no year: 4"),
        ],
    ),
    "json_number_forms.json": (
        [],
        [
            (1, "2019-03-04", ""),
            (2, "2019-03", ""),
            (3, "2019-03-04", ""),
            (4, "2019-03", ""),
            (5, "2019-03-04", ""),
            (6, "2019-03", ""),
            (7, "1066", ""),
        ],
    ),
    "xlsx_dimension_too_small.xlsx": (
        [],
        [(2, "2019-01-01", ""), (3, "2019-02-02", ""), (4, "2019-03-03", ""), (5, "2019-04-04", "")]
        + [(6, "2019-05-05", "")],
    ),
    "xlsx_second_sheet.xlsx": (
        ["The sheet “Timeline” is read. Not read: “Read me”."],
        [(2, "2019", "")],
    ),
}


def seen(item):
    """Return the date of an item, and its messages."""
    try:
        reading = read_slide(item.slide)
    except NotAnEvent as error:
        return None, " ".join([item.problem or str(error), *item.notes])
    return None if item.problem else reading.data["date"], " ".join(
        [item.problem, *item.notes, *reading.notes]
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_is_read_or_its_problems_are_named(name):
    notes, rows = EXPECTED[name]
    with override("en"):
        found = read_file((FILES / name).read_bytes(), most=100)
        said = [(item.number, *seen(item)) for item in found.items]
    assert len(found.notes) == len(notes)
    for note, words in zip(found.notes, notes, strict=True):
        assert words in note
    assert [row[:2] for row in said] == [row[:2] for row in rows]
    for row, expected in zip(said, rows, strict=True):
        assert expected[2] in row[2]
        assert bool(row[2]) or not expected[2]


def test_our_table_returns_from_excel_with_its_dates():
    found = read_file((FILES / "csv_export_through_excel_dates.csv").read_bytes())
    assert [item.problem for item in found.items] == [""] * 18
    assert [item.event_data["date"] for item in found.items][:4] == [
        "2011-10",
        "2016",
        "2016-10-25",
        "2016-11-18",
    ]
    assert found.items[9].event_data["date"] == "2017-12"


def test_broken_accents_are_repaired_with_a_note():
    content = (FILES / "csv_export_opened_as_cp1252_by_excel.csv").read_bytes()
    with override("en"):
        (refused,) = [item for item in read_file(content).items if item.problem]
        assert "has damaged some characters: CafÃ©" in refused.problem
        found = read_file(content.replace("â€\N{REPLACEMENT CHARACTER}".encode(), "â€\x9d".encode()))
    assert [item.event_data["title"] for item in found.items if "Caf" in str(item.event_data["title"])] == [
        "Café “été” at Ñuñoa"
    ]
    (note,) = found.notes
    assert "“CafÃ© â€œÃ©tÃ©â€\x9d at Ã‘uÃ±oa” to “Café “été” at Ñuñoa”" in note


def read(text, **options):
    with override("en"):
        return read_file(text.encode(), **options)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Our timeline,\nYear,Headline\n2019,A\n",
            "The rows above the headings are left out: Our timeline.",
        ),
        ("Year,Headline,\n2019,A,x\n", "left out: one without a heading."),
        ("Year,Headline,Mood,Mood 2\n2019,A,x,y\n", "left out: Mood, Mood 2."),
        ("Start Date,Headline,Date\n2019,A,x\n", "left out: Date."),
    ],
)
def test_notes_say_what_is_left_out_of_a_table(text, words):
    found = read(text)
    assert words in found.notes[0]
    assert [item.problem for item in found.items] == [""]


@pytest.mark.parametrize(
    "heading",
    [
        "YEAR,headline",
        "\N{NO-BREAK SPACE}Year ,Headline\N{NO-BREAK SPACE}",
        "Year:,Headline",
        "Ｙear, Headline",
    ],
)
def test_spelling_of_headings_does_not_matter(heading):
    assert read(f"{heading}\n2019,A\n").items[0].slide == {
        "start_date": {"year": "2019"},
        "text": {"headline": "A"},
    }


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2019,,text", "It has no headline."),
        ("2019,A,text, and more", "more cells than the table has headings:  and more"),
        ('2019,"A "quoted" word",text', "quotation marks don't match"),
        ("2019-02-30,A,", "2019-02-30"),
        ("\N{FULLWIDTH DIGIT TWO}x,A,", "not a year: 2x"),
    ],
)
def test_an_unreadable_row_is_refused_with_a_reason_and_the_others_are_read(row, words):
    found = read(f"Year,Headline,Text\n2018,Before,\n{row}\n2020,After,\n")
    assert [item.number for item in found.items] == [2, 3, 4]
    assert words in found.items[1].problem
    assert found.items[0].problem == found.items[2].problem == ""


def test_equal_rows_get_a_note():
    found = read("Year,Headline\n2019,The vote\n2019,Vote the\n2018,The vote\n2019,Parade\n")
    assert [item.notes for item in found.items] == [
        [],
        ["This may be the same event as the one in row 2."],
        [],
        [],
    ]


def test_json_of_the_first_timelinejs_is_read_like_its_table():
    date = {"startDate": "2011,12,10", "headline": "A", "text": "T", "tag": "G"}
    asset = {"media": "https://example.org/a.jpg", "credit": "C", "caption": "W"}
    events = [
        date | {"endDate": "2011,12,11", "asset": asset},
        date | {"startDate": "2011,12,10,07,02,10", "endDate": ""},
        date | {"startDate": "12/10/2011", "endDate": "12/10/2011"},
        date | {"startDate": "2011,13"},
    ]
    timeline = {"headline": "All", "type": "default", "date": events, "era": [date | {"endDate": "2012"}]}
    with override("en"):
        found = read_file(json.dumps({"timeline": timeline}).encode())
    assert found.title == {"text": {"headline": "All"}}
    assert found.items[0].slide == {
        "start_date": {"year": "2011", "month": "12", "day": "10"},
        "end_date": {"year": "2011", "month": "12", "day": "11"},
        "text": {"headline": "A", "text": "T"},
        "group": "G",
        "media": {"url": "https://example.org/a.jpg", "credit": "C", "caption": "W"},
    }
    assert read_slide(found.items[1].slide).data["date"] == "2011-12-10"
    assert found.items[1].slide["start_date"]["hour"] == "07"
    assert "end_date" not in found.items[2].slide
    assert "2011-13" in found.items[3].problem
    (era,) = found.eras
    assert read_era(era)[1:] == (PreciseDate(2011, 12, 10), PreciseDate(2012))


def test_the_json_of_the_first_timelinejs_may_be_a_script():
    content = b'storyjs_jsonp_data = {"timeline": {"date": [{"startDate": "2011", "headline": "A"}]}};\n'
    assert read_slide(read_file(content).items[0].slide).data["date"] == "2011"


@pytest.mark.parametrize(
    ("cell", "date", "words"),
    [
        ('"March 4, 2019"', "2019-03-04", ""),
        ("4-Mar-19", "2019-03-04", "“4-Mar-19” is read as March 4, 2019."),
        ("3/4/19", "2019-03-04", "Numbers are read month first."),
        ("19", "0019", "Its year is read as the year 19."),
        ("about 2019", "2019~", ""),
    ],
)
def test_a_whole_date_may_be_in_the_column_for_the_year(cell, date, words):
    with override("en"):
        found, said = seen(read(f"Year,Headline\n{cell},A\n").items[0])
    assert found == date
    assert words in said
    assert bool(said.strip()) == bool(words)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("March 2017 to May 2018", "2017-03", "2018-05"),
        ("2016-2018", "2016", "2018"),
        ("2019-03-04/2019-03-06", "2019-03-04", "2019-03-06"),
    ],
)
def test_a_span_may_be_in_one_cell(cell, start, end):
    (item,) = read(f"Date,Headline\n{cell},A\n").items
    assert item.notes == []
    record = read_slide(item.slide).data
    assert (record["date"], record["end_date"]) == (start, end)


def workbook(*rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    return book


def saved(book):
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten(content, part, change):
    """Return a workbook with one of its parts replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def test_cells_of_a_workbook_are_read_as_excel_shows_them():
    book = workbook(["Start Date", "Headline", "Text"])
    for day, number_format in [
        (date(2019, 3, 1), "mmm-yy"),
        (date(2019, 3, 1), "yyyy-mm-dd"),
        (date(2019, 1, 1), "yyyy"),
        (date(2019, 3, 5), "mmm-yy"),
        (datetime.fromisoformat("2019-03-04 10:30"), "yyyy-mm-dd hh:mm"),
    ]:
        book.active.append([day, True, 0.25])
        book.active.cell(book.active.max_row, 1).number_format = number_format
        book.active.cell(book.active.max_row, 3).number_format = "0%"
    for epoch in (openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH):
        book.epoch = epoch
        items = read_file(saved(book)).items
        dates = ["2019-03", "2019-03-01", "2019", "2019-03-05", "2019-03-04"]
        assert [read_slide(item.slide).data["date"] for item in items] == dates
    assert items[0].slide["text"] == {"headline": "TRUE", "text": "25%"}
    assert items[4].slide["start_date"]["hour"] == "10"


def test_errors_and_formulas_without_a_result_are_reported():
    book = workbook(["Year", "Headline"], [2019, "Fine"], [2019, "#REF!"], [2019, "=A2&A3"])
    book.active["B3"].data_type = "e"
    with override("en"):
        fine, error, formula = read_file(saved(book)).items
    assert not fine.problem
    assert "Column B has the error #REF!" in error.problem
    assert "The formula in column B has no result" in formula.problem


def test_one_of_several_sheets_is_read_and_the_others_are_named():
    table = [["Year", "Headline"], [2019, "A"]]
    book = workbook(["Notes"], First=table, Second=table, Empty=[])
    book["First"].sheet_state = "hidden"
    with override("en"):
        found = read_file(saved(book))
    assert found.notes[0] == "The sheet “Second” is read. Not read: “Sheet”, “First”."
    assert "More than one sheet has events" in found.notes[1]


def far_away(cell):
    return lambda xml: xml.replace(b'r="A2"', f'r="{cell}"'.encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: saved(workbook(["Year"] + ["x"] * 600, [2019])), "more than 500 columns"),
        (
            lambda: rewritten(
                saved(workbook(["Year"], [2019])), "xl/worksheets/sheet1.xml", far_away("XFD2")
            ),
            "500",
        ),
        (
            lambda: rewritten(saved(workbook(["Year"])), "docProps/app.xml", lambda xml: b" " * 70_000_000),
            "unpacks to more than 64 MB",
        ),
        (lambda: saved(workbook(["Name"], ["x"])), "The first row is: Name."),
        (
            lambda: rewritten(saved(workbook(["Year"])), "xl/workbook.xml", lambda xml: b"<a"),
            "cannot be read",
        ),
        (lambda: b"PK\x03\x04 xl/workbook", "cannot be read"),
        (lambda: factories.docx_file(["Year"]).read(), "This is a Word file. Send"),
        (lambda: b"PK\x03\x04 whatever", "This is an archive. Send"),
        (lambda: b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (lambda: b"PK\x03\x04Index/Document.iwa", "Apple Numbers"),
        (lambda: b"%PDF-1.7", "This is a PDF. Send"),
        (lambda: b"\xd0\xcf\x11\xe0", "(.xls, .doc)"),
        (lambda: b"\x89PNG\r\n", "an image"),
        (lambda: b"\n<!DOCTYPE html><p>", "a web page"),
        (lambda: b"\x00\x01\x02", "not a text file"),
        (lambda: b" \n", "empty"),
        (lambda: b"Year,Headline\n" + b"2019,A\n" * 101, "101 events or eras, more than 100"),
        (lambda: b"Year,Headline\n" + b"2019,A\n" * 20_001, "more than 20,000 rows"),
        (lambda: b"Year" + b",x" * 600 + b"\n2019\n", "more than 500 columns"),
        (lambda: b"Year,Headline\n" + b'2019,"A"b\n' * 60, "In more than 50 rows"),
        (lambda: b'{"events": [' + b"0," * 100 + b"0]}", "101 events or eras, more than 100"),
        (lambda: b'{"events": [], "eras": [' + b"0," * 100 + b"0]}", "101 events or eras, more than 100"),
        (lambda: b'{"events": [' + b"0," * 1_000_000 + b"0]}", "more than 1,000,000"),
        (lambda: b'{"events": ' + b"[" * 100_000, "nested more than 50"),
        (lambda: b'{"events": ' + b"[" * 100 + b"]" * 100 + b"}", "nested more than 50"),
        (lambda: b'{"events": [' + b"9" * 5000 + b"]}", "number that is too large: 99999999999999999999"),
        (lambda: b'{"events": [1e400]}', "an invalid number"),
        (lambda: b'{"events": [NaN]}', "an invalid number: NaN"),
        (lambda: b'{"events": ["' + b"x" * 1_000_001 + b'"]}', "1,000,001 characters"),
        (lambda: b'{"events": ["' + b"<li><ul>" * 51 + b'"]}', "tags nested more than 100 levels deep"),
        (lambda: b"Year,Headline\n2019," + b"<i>" * 101, "tags nested more than 100 levels deep"),
        (lambda: b"Year,Headline\n2019," + b"&" * 1001, "more than 1,000 stray & or < characters"),
        (lambda: b'{"events": [}', "line 1, column 13"),
        (lambda: b'{"timeline": {"date": 1}}', "no list of events"),
    ],
)
def test_files_beyond_a_limit_or_of_another_kind_are_refused_with_a_reason(content, words):
    with override("en"), pytest.raises(UnreadableFile) as refused:
        read_file(content(), most=100)
    assert words in str(refused.value)


def test_wrong_sizes_in_an_archive_do_not_matter():
    part = "xl/worksheets/sheet1.xml"
    content = rewritten(saved(workbook(["Year"])), part, lambda xml: xml.ljust(70_000_000))
    size = ZipFile(BytesIO(content)).getinfo(part).file_size.to_bytes(4, "little")
    assert content.count(size) == 2
    with override("en"), pytest.raises(UnreadableFile, match="This workbook cannot be read"):
        read_file(content.replace(size, (10).to_bytes(4, "little")))


def test_a_row_far_down_costs_nothing():
    content = rewritten(
        saved(workbook(["Year", "Headline"], [2019, "A"])),
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b'"A2"', b'"A1048576"')
            .replace(b'"B2"', b'"B1048576"')
            .replace(b'<row r="2"', b'<row r="1048576"')
        ),
    )
    assert [item.number for item in read_file(content).items] == [1_048_576]


@pytest.mark.parametrize(
    ("text", "date", "words"),
    [
        ("Date,Time,Headline\n2019-03-04,3:30 PM,A\n", "2019-03-04", "15:30"),
        ("Start Date,Time,Headline\n3/4/2019,15:30,A\n", "2019-03-04", "15:30"),
        ("Start Date,Year,Headline\n3/14/2019,2019,A\n", None, "give another date than 3/14/2019"),
        ("Start Date,Year,Month,Day,Headline\n3/14/2019,2019,3,14,A\n", "2019-03-14", ""),
        (
            "End Date,Year,End Year,Headline\n3/14/2020,2019,2021,A\n",
            None,
            "another date than 3/14/2020",
        ),
        ("Year,Headline\n2019-03-04T15:30,A\n", "2019-03-04", "15:30"),
        ("Year,Headline\n\u200e2019\u200f,A\n", "2019", ""),
        ("Date,Headline\n\u200f3/14/2019\u200e,A\n", "2019-03-14", ""),
        ("Year,Headline\n31/12/19,A\n", None, "Write the month as a word."),
        ("\ufeff\ufeffYear,Headline\u200b\n2019,A\n", "2019", ""),
        ("Year,Headline\n2019,\u200b\n", None, "It has no headline."),
        ("Year,Headline\n2019,<b></b>\n", None, "It has no headline."),
    ],
)
def test_dates_in_two_columns_are_combined_and_invisible_characters_ignored(text, date, words):
    with override("en"):
        (item,) = read(text).items
        found, said = seen(item)
    assert found == date
    if date is None:
        assert words in said
    else:
        parts = item.slide["start_date"]
        assert ":".join(parts[name] for name in ("hour", "minute") if name in parts) == words


def test_tags_are_left_out_beside_groups_with_a_note():
    found = read("Start Date,Headline,Tag,Group\n2019,A,old,new\n")
    assert found.items[0].slide["group"] == "new"
    assert "left out: Tag." in found.notes[0]


def test_the_first_timelinejs_calls_its_title_start():
    assert read("Start Date,Headline,Type\n2019,All,start\n2019,A,\n").title["text"]["headline"] == "All"


def test_empty_rows_do_not_count():
    assert [item.number for item in read("Year,Headline\n" + ",\n" * 25_000 + "2019,A\n").items] == [25_002]


@pytest.mark.parametrize(
    "text",
    ["callback({});", "storyjs_jsonp_data({})", "const data = {};", "export default {};", "// Ours\n{}"],
)
def test_json_may_be_wrapped_in_a_script(text):
    data = json.dumps({"events": [{"start_date": {"year": 2019}, "text": {"headline": "A"}}]})
    assert len(read_file(text.replace("{}", data).encode()).items) == 1


def test_a_repeated_name_in_json_is_refused_unless_its_values_are_equal():
    content = b'{"events": [], "events": [{"start_date": {"year": 2019, "year": 2019}}]}'
    with override("en"), pytest.raises(UnreadableFile, match="“events” appears twice in the same place"):
        read_file(content)
    assert len(read_file(content.replace(b'"events": [], ', b"")).items) == 1


@pytest.mark.parametrize(("value", "date"), [(2019, "2019"), (2019.0, "2019"), (20190304, "2019-03-04")])
def test_a_date_in_json_may_be_one_number(value, date):
    content = json.dumps({"events": [{"start_date": value, "text": {"headline": "A"}}]}).encode()
    assert read_slide(read_file(content).items[0].slide).data["date"] == date


@pytest.mark.parametrize(
    ("slide", "note"),
    [
        ({"media": {"url": "https://example.org/a"}}, "It has no headline, and is called “2019”."),
        ({"text": "Some words"}, "Kept for exports: text"),
        ({"text": {"headline": "\u200b", "text": "Words"}}, "It has no headline, and is called “Words”."),
    ],
)
def test_notes_say_what_a_slide_lacks(slide, note):
    with override("en"):
        assert note in read_slide(slide | {"start_date": {"year": 2019}}).notes


def strict(xml):
    usual, other = b"http://schemas.openxmlformats.org/%s/2006/", b"http://purl.oclc.org/ooxml/%s/"
    for part in (b"spreadsheetml", b"officeDocument"):
        xml = xml.replace(usual % part, other % part)
    return xml


def test_workbooks_with_charts_strict_names_and_characters_that_xml_lacks_are_read():
    book = workbook(["Year", "Headline"], [2019, "A_x000D_\nB"])
    book.create_chartsheet("Chart", 0)
    content = saved(book)
    for name in ZipFile(BytesIO(content)).namelist():
        content = rewritten(content, name, strict)
    assert b"purl.oclc.org" in ZipFile(BytesIO(content)).read("xl/workbook.xml")
    (item,) = read_file(content).items
    assert item.slide["text"]["headline"].split() == ["A", "B"]
