from dataclasses import replace

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from home.dates.parsing import first_date, order_matters, parse, parse_moment, parse_span
from home.dates.values import DateParseError, PreciseDate, Precision, for_people
from tests.support.dates import precise_dates

MONTHS_AND_FILLERS = [
    "about",
    "circa",
    "c.",
    "hacia",
    "alrededor",
    "de",
    "del",
    "el",
    "of",
    "~",
    ",",
    ".",
    "/",
    "-",
    "st",
    "º",
    "0",
    "7",
    "25",
    "12",
    "2016",
    "oct",
    "octubre",
    "may",
]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2016", "2016"),
        ("0987", "0987"),
        ("2016-10", "2016-10"),
        ("2016-10-25", "2016-10-25"),
        ("2016-1-5", "2016-01-05"),
        ("2016~", "2016~"),
        ("~2016", "2016~"),
        ("2017-12~", "2017-12~"),
        ("2016-10-25~", "2016-10-25~"),
        ("Dec 2017", "2017-12"),
        ("DECEMBER, 2017", "2017-12"),
        ("Sept. 2017", "2017-09"),
        ("May 2017", "2017-05"),
        ("25 October 2016", "2016-10-25"),
        ("25th of October, 2016", "2016-10-25"),
        ("October 25, 2016", "2016-10-25"),
        ("Oct. 25 2016", "2016-10-25"),
        ("october 1st 2016", "2016-10-01"),
        ("3/4/18", "2018-03-04"),
        ("3/4/2018", "2018-03-04"),
        (" 03 / 04 / 2018 ", "2018-03-04"),
        ("12/2017", "2017-12"),
        ("about 2016", "2016~"),
        ("About  December\t2017", "2017-12~"),
        ("about 2016~", "2016~"),
        ("about 3/4/18", "2018-03-04~"),
        ("around the 25th of October 2016", "2016-10-25~"),
        ("circa 2016", "2016~"),
        ("c. 2016", "2016~"),
        ("c.2016", "2016~"),
        ("ca 2016", "2016~"),
        ("ca. 2016", "2016~"),
        ("diciembre de 2017", "2017-12"),
        ("Diciembre del 2017", "2017-12"),
        ("25 de octubre de 2016", "2016-10-25"),
        ("1.º de enero de 2016", "2016-01-01"),
        ("dic. 2017", "2017-12"),
        ("hacia 2016", "2016~"),
        ("hacia el 25 de octubre de 2016", "2016-10-25~"),
        ("alrededor de 2016", "2016~"),
        ("alrededor del 25 de octubre de 2016", "2016-10-25~"),
        ("about diciembre de 2017", "2017-12~"),
        ("October\N{NO-BREAK SPACE}25,\N{NO-BREAK SPACE}2016", "2016-10-25"),
        ("Monday, March 4, 2019", "2019-03-04"),
        ("Mon. Mar. 4th, 2019", "2019-03-04"),
        ("el lunes 4 de marzo de 2019", "2019-03-04"),
        ("sábado, 2 de marzo de 2019", "2019-03-02"),
        ("2019/03/04", "2019-03-04"),
        ("2019.03.04", "2019-03-04"),
        ("20190304", "2019-03-04"),
        ("2019/3", "2019-03"),
        ("3-4-2019", "2019-03-04"),
        ("4-Mar-2019", "2019-03-04"),
        ("4-Mar-19", "2019-03-04"),
        ("4/mar/2019", "2019-03-04"),
        ("Mar-4-2019", "2019-03-04"),
        ("Mar-2019", "2019-03"),
        ("2019-Mar-04", "2019-03-04"),
        ("2019 March", "2019-03"),
        ("２０１９-０３", "2019-03"),
        ("2019\N{EN DASH}03\N{EN DASH}04", "2019-03-04"),
    ],
)
def test_a_date_is_read_as_people_write_it(text, edtf):
    assert str(parse(text)) == edtf


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "~",
        "about",
        "soon",
        "16",
        "20167",
        "0000",
        "2016-13",
        "2016-00",
        "2017-02-29",
        "February 30, 2016",
        "2016~~",
        "2016?",
        "201X",
        "2016/2017",
        "2016 to 2017",
        "2016-2017",
        "1990s",
        "41032",
        "03.05.2012",
        "2019-03/04",
        "Monday 2019",
        "2019-03-04 25:00",
        "10:00",
        "May-12",
        "Dec 17",
        "October 25, 16",
        "Octember 2016",
        "12/17",
        "٢٠١٦",
        "2016" + " " * 60,
        "9" * 100_000,
        None,
        2016,
    ],
)
def test_other_texts_are_errors_that_say_how_to_write_a_date(text):
    with pytest.raises(DateParseError) as refusal, override("en"):
        parse(text)
    assert str(refusal.value) == (
        'Write a date such as "October 25, 2016", "December 2017", "2016" or "about 2016".'
    )


def test_a_wrong_weekday_is_an_error():
    with override("en"), pytest.raises(DateParseError, match=r"March 4, 2019 was a Monday\."):
        parse("Tuesday, March 4, 2019")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2019-03-04T10:00:00Z", "10:00:00"),
        ("2019-03-04T10:00:00.123+02:00", "10:00:00"),
        ("2019-03-04 10:00", "10:00:00"),
        ("3/4/2019 10:15 PM", "22:15:00"),
        ("March 4, 2019 at 12:05 a.m.", "00:05:00"),
        ("2019-03-04T00:00:00", "None"),
        ("4-Mar-2019", "None"),
    ],
)
def test_a_time_of_day_after_a_date_is_returned_separately(text, time):
    assert [str(part) for part in parse_moment(text)] == ["2019-03-04", time]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016", "2016", "None"),
        ("2016-10", "2016-10", "None"),
        ("2016-2018", "2016", "2018"),
        ("2016/2018", "2016", "2018"),
        ("March 2017 to May 5, 2018", "2017-03", "2018-05-05"),
        ("marzo de 2017 a mayo de 2018", "2017-03", "2018-05"),
        ("May 2017 \N{EN DASH} June 2017", "2017-05", "2017-06"),
        ("3/4/2019-3/6/2019", "2019-03-04", "2019-03-06"),
        ("1 to 2 to 3", None, None),
        ("2016-" * 50_000, None, None),
    ],
)
def test_a_range_is_read_from_one_text(text, start, end):
    if start is None:
        with pytest.raises(DateParseError):
            parse_span(text)
    else:
        assert tuple(map(str, parse_span(text))) == (start, end)


@pytest.mark.parametrize("language", ["en", "es"])
@given(date=precise_dates(), end=precise_dates())
def test_a_formatted_range_is_read_back(language, date, end):
    with override(language):
        assert parse_span(for_people(date, end)) == (date, None if end == date else end)


@given(precise_dates())
def test_each_way_to_write_a_date_is_read_as_the_same(date):
    exact = replace(date, approximate=False)
    first = exact.first_day
    ways = {
        Precision.YEAR: ["%Y"],
        Precision.MONTH: ["%Y-%m", "%Y/%m", "%m/%Y", "%B %Y", "%b %Y", "%b-%Y", "%Y %B"],
        Precision.DAY: [
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%Y.%m.%d",
            "%m/%d/%Y",
            "%m-%d-%Y",
            "%B %d, %Y",
            "%A, %B %d, %Y",
            "%a %b %d %Y",
            "%d %B %Y",
            "%d-%b-%Y",
            "%Y-%m-%dT12:30:00Z",
        ],
    }[date.precision]
    for way in ways:
        # %Y isn't zero-padded on every system.
        text = first.strftime(way.replace("%Y", f"{first.year:04}"))
        assert parse(text) == exact, text
        assert parse(f"about {text}") == replace(exact, approximate=True)


@pytest.mark.parametrize(
    ("text", "matters"),
    [("3/4/2019", True), ("3-4-19", True), ("4/4/2019", False), ("11/29/2017", False), ("2016-10-25", False)],
)
def test_order_matters_if_day_first_would_be_another_day(text, matters):
    assert order_matters(text) == matters


@pytest.mark.parametrize("language", ["en", "es"])
def test_numeric_dates_are_month_first_in_every_language(language):
    with override(language):
        assert parse("3/4/2018") == PreciseDate(2018, 3, 4)
        with pytest.raises(DateParseError):
            parse("25/10/2016")


@pytest.mark.parametrize(("text", "year"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)])
def test_two_digit_years_are_between_1969_and_2068(text, year):
    assert parse(f"1/1/{text}").year == year


@given(st.text(max_size=70) | st.lists(st.sampled_from(MONTHS_AND_FILLERS)).map(" ".join))
@example("\ud800")
@example("\ufdfa" * 60)
def test_any_text_is_a_date_or_a_date_parse_error(text):
    try:
        date = parse(text)
    except DateParseError:
        return
    assert isinstance(date, PreciseDate)


@pytest.mark.parametrize("language", ["en", "en-gb", "es", "es-mx"])
@given(date=precise_dates())
def test_formatted_dates_are_read_back(language, date):
    with override(language):
        assert parse(for_people(date)) == date


@pytest.mark.parametrize("about", ["hacia", "hacia el", "alrededor del", "about", "Aproximadamente"])
@given(date=precise_dates())
def test_spanish_dates_are_read_back_whatever_word_the_catalog_has_for_about(about, date):
    with override("es"):
        exact = for_people(replace(date, approximate=False))
    assert parse(f"{about} {exact}") == replace(date, approximate=True)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Minutes of the board. Held on Tuesday, October 25, 2016, at City Hall in 2017-01.", "2016-10-25"),
        ("Minutes-2018-05-02", "2018-05-02"),
        ("Acta del 25 de octubre de 2016 (borrador)", "2016-10-25"),
        ("Budget 2018, 4500 cases, signed (March 2019).", "2019-03"),
        ("Order 3-1500, paid $2018", None),
        ("", None),
    ],
)
def test_the_first_date_in_a_text_names_at_least_a_month(text, date):
    assert first_date(text) == (date and parse(date))
