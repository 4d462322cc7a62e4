import pytest

from timeline.exchange.formats.columns import HEADERS
from timeline.exchange.formats.sheets import row_of_slide, slide_of_row
from timeline.exchange.formats.slide_reader import NotAnEvent, read_slide


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("13:05", {"hour": "13", "minute": "05"}),
        ("1:05 PM", {"hour": "13", "minute": "05"}),
        ("12:30 am", {"hour": "0", "minute": "30"}),
        ("1305", {"hour": "13", "minute": "05"}),
        ("13.05", {"hour": "13", "minute": "05"}),
        ("9:05:07.250", {"hour": "9", "minute": "05", "second": "07", "millisecond": "250"}),
    ],
)
def test_times_are_read_as_timelinejs_reads_them(text, parts):
    assert slide_of_row({"Year": "2017", "Time": text})["start_date"] == {"year": "2017"} | parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2017-11-29", {"year": "2017", "month": "11", "day": "29"}),
        ("11/29/2017", {"year": "2017", "month": "11", "day": "29"}),
        ("11/2017", {"year": "2017", "month": "11"}),
        ("2017", {"year": "2017"}),
        ("-44", {"year": "-44"}),
        ("2017-11-29 00:00:00", {"year": "2017", "month": "11", "day": "29"}),
    ],
)
def test_the_headings_of_the_first_timelinejs_are_read(text, parts):
    slide = slide_of_row({"Start Date": text, "End Date": "", "Headline": "A", "Tag": "Police"})
    assert slide["start_date"] == parts
    assert "end_date" not in slide
    assert slide["group"] == "Police"


def test_every_column_of_timelinejs_finds_its_key():
    row = {
        "Year": "1,066",
        "Month": "5",
        "Day": "6",
        "End Year": "1067",
        "Display Date": "Spring",
        "Headline": "H",
        "Text": "T",
        "Media": "u",
        "Media Credit": "c",
        "Media Caption": "w",
        "Media Thumbnail": "t",
        "Alt Text": "a",
        "Group": "g",
        "Background": "#fff",
    }
    assert slide_of_row(row) == {
        "start_date": {"year": "1066", "month": "5", "day": "6"},
        "end_date": {"year": "1067"},
        "display_date": "Spring",
        "text": {"headline": "H", "text": "T"},
        "media": {"url": "u", "credit": "c", "caption": "w", "thumbnail": "t", "alt": "a"},
        "group": "g",
        "background": {"color": "#fff"},
    }
    assert slide_of_row({"Year": "1", "Background": "//x/y.png"})["background"] == {"url": "//x/y.png"}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Time": "noonish"}, "noonish"),
        ({"Start Date": "last week"}, "last week"),
        ({"Unique ID": "", "Date": "the day after"}, "the day after"),
        ({"Unique ID": "", "Date": "February 30, 2017"}, "February 30, 2017"),
        ({"Unique ID": "a", "More": "{"}, "JSON"),
        ({"Unique ID": "a", "Year": "2017", "Date": "2018"}, "2018"),
        ({"Unique ID": "a", "Year": "2017", "Month": "5", "Date": "2017"}, "2017"),
    ],
)
def test_an_unreadable_cell_is_named(cells, words):
    with pytest.raises(NotAnEvent, match=words):
        slide_of_row(cells)


def test_a_new_row_in_our_sheet_needs_none_of_our_columns():
    slide = slide_of_row(dict.fromkeys(HEADERS, "") | {"Year": "2017", "Headline": "New"})
    assert slide["start_date"] == {"year": "2017"}
    assert not slide["lead_watch"].get("unique_id")


def test_a_new_row_may_have_its_dates_in_words():
    slide = slide_of_row({"Unique ID": "", "Headline": "New", "Date": "about May 2017", "End": "2018"})
    assert slide["start_date"] == {"year": 2017, "month": 5}
    assert slide["end_date"] == {"year": 2018}
    assert read_slide(slide).data["date"] == "2017-05~"


def test_a_slide_without_anything_has_empty_cells():
    assert set(row_of_slide({"lead_watch": {}})) == {""}
