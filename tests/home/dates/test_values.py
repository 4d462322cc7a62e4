import datetime
import pickle
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from home.dates.parsing import parse
from home.dates.values import DateParseError, PreciseDate, Precision, for_machines, for_people, sort_key
from tests.support.dates import precise_dates


@given(st.text(max_size=12) | st.from_regex(r"\d{4}(-\d\d){0,2}[~?]?\n?", fullmatch=True))
def test_edtf_is_read_strictly(text):
    try:
        date = PreciseDate.from_edtf(text)
    except DateParseError:
        return
    assert str(date) == text


@pytest.mark.parametrize(
    "text", ["2016-1", "2016?", "~2016", "2016/2017", "December 2017", "2016-02-30", "", None]
)
def test_edtf_beyond_the_stored_subset_is_an_error(text):
    with pytest.raises(DateParseError):
        PreciseDate.from_edtf(text)


@pytest.mark.parametrize(
    ("text", "is_to_come"),
    [
        ("2016-10-25", False),
        ("2016-10-26", True),
        ("2016-10", False),
        ("2016-11", True),
        ("2016", False),
        ("2016~", False),
        ("2017~", True),
    ],
)
def test_a_date_is_to_come_if_it_begins_after_today(monkeypatch, text, is_to_come):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2016, 10, 25))
    assert PreciseDate.from_edtf(text).is_to_come == is_to_come


@given(precise_dates())
def test_edtf_text_is_read_back(date):
    assert PreciseDate.from_edtf(str(date)) == parse(str(date)) == date


@pytest.mark.parametrize(
    ("language", "date", "words"),
    [
        ("en", PreciseDate(2016, 10, 25), "October 25, 2016"),
        ("en", PreciseDate(2017, 12), "December 2017"),
        ("en", PreciseDate(2016), "2016"),
        ("en", PreciseDate(987), "0987"),
        ("en", PreciseDate(2016, approximate=True), "about 2016"),
        ("en", PreciseDate(2017, 12, approximate=True), "about December 2017"),
        ("en-gb", PreciseDate(2016, 10, 25), "25 October 2016"),
        ("es", PreciseDate(2016, 10, 25), "25 de octubre de 2016"),
        ("es", PreciseDate(2017, 12), "diciembre de 2017"),
        ("es", PreciseDate(2016), "2016"),
    ],
)
def test_dates_are_shown_with_full_months_and_to_their_precision(language, date, words):
    with override(language):
        assert for_people(date) == words


def test_a_range_is_shown_from_start_to_end():
    with override("en"):
        assert for_people(PreciseDate(2017, 10), PreciseDate(2018, 7)) == "October 2017 to July 2018"
        assert for_people(PreciseDate(2016, approximate=True), PreciseDate(2017)) == "about 2016 to 2017"
        assert for_people(PreciseDate(2016), PreciseDate(2016)) == "2016"


@given(precise_dates())
def test_html_dates_are_valid(date):
    text = for_machines(date)
    assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text, re.ASCII)
    assert int(text[:4]) > 0
    assert text.count("-") == {Precision.YEAR: 0, Precision.MONTH: 1, Precision.DAY: 2}[date.precision]


@given(st.lists(precise_dates(), max_size=20))
def test_dates_sort_by_time_with_less_precise_ones_first(dates):
    vaguest_first = [Precision.YEAR, Precision.MONTH, Precision.DAY]
    assert sorted(dates, key=sort_key) == sorted(
        dates, key=lambda date: (date.first_day, vaguest_first.index(date.precision))
    )


@given(st.dates())
def test_a_year_sorts_before_its_months_and_a_month_before_its_days(day):
    year, month, day = PreciseDate(day.year), PreciseDate(day.year, day.month), PreciseDate.from_date(day)
    assert all(sort_key(vague) < sort_key(sharp) for vague, sharp in pairwise((year, month, day)))


@given(precise_dates())
def test_approximate_dates_sort_like_exact_ones(date):
    assert sort_key(date) == sort_key(replace(date, approximate=not date.approximate))


@given(precise_dates())
def test_the_first_day_is_never_after_the_last(date):
    assert date.first_day <= date.last_day
    assert (date.first_day == date.last_day) == (date.precision is Precision.DAY)


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2017-02~", "2017-02-01", "2017-02-28"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("2016-10-25", "2016-10-25", "2016-10-25"),
    ],
)
def test_a_date_covers_all_days_it_can_mean(edtf, first, last):
    date = PreciseDate.from_edtf(edtf)
    assert (date.first_day, date.last_day) == tuple(map(datetime.date.fromisoformat, (first, last)))


@pytest.mark.parametrize(
    "parts",
    [
        (0,),
        (10000,),
        (-5,),
        (10**40,),
        (2016, 0),
        (2016, 13),
        (2016, 2, 30),
        (2016, 2, 0),
        (2016, None, 5),
        ("2016",),
    ],
)
def test_a_date_that_is_not_in_the_calendar_cannot_be_made(parts):
    with pytest.raises(ValueError):
        PreciseDate(*parts)


def test_a_date_can_be_a_key_and_be_cached():
    date = PreciseDate(2016, 10, approximate=True)
    assert pickle.loads(pickle.dumps({date: 1})) == {PreciseDate(2016, 10, approximate=True): 1}
