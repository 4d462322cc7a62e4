import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from home.dates.parts import from_parts, readings
from home.dates.values import DateParseError, PreciseDate
from tests.support.dates import precise_dates


@pytest.mark.parametrize(
    ("parts", "edtf"),
    [
        ((2019.0, 3.0, 4.0), "2019-03-04"),
        (("2019.0", "3.0"), "2019-03"),
        (("2019", "03", "00"), "2019-03"),
        ((" 2019 ", " 3 ", ""), "2019-03"),
        (("1,066",), "1066"),
        (("1 066",), "1066"),
        (("2019", "March", "4th"), "2019-03-04"),
        (("2019", "Sept.", 4), "2019-09-04"),
        (("2019", "Septiembre", 4), "2019-09-04"),
        (("２０１９", "３", "４"), "2019-03-04"),
        (("c. 1998",), "1998~"),
        (("about 1998", 5), "1998-05~"),
        (("March 4, 2019", "", None), "2019-03-04"),
    ],
)
def test_parts_are_read_as_people_write_them(parts, edtf):
    assert str(from_parts(*parts)) == edtf


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (("2019?",), "2019?"),
        (("1990s",), "1990s"),
        (("2017-2018",), "2017-2018"),
        (("May 2019", 5), "may 2019"),
        ((2019, "Mai"), "Mai"),
        ((2019, 3, "fourth"), "fourth"),
        ((2019, "", 4), "no month: day 4"),
        (("", 3, 9), "no year: 3-9"),
        ((2019, 2, 30), "2019-2-30"),
        ((2019, 13), "2019-13"),
        ((-44,), "-44"),
        ((20191,), "20191"),
        ((10**5000,), "not a year"),
        ((float("inf"),), "inf"),
        ((True,), "True"),
        (([2019],), "2019"),
        (("9" * 100_000,), "99"),
    ],
)
def test_an_unreadable_part_is_named(parts, named):
    with override("en"), pytest.raises(DateParseError) as refusal:
        from_parts(*parts)
    assert named.casefold() in str(refusal.value).casefold()


PARTS = (
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["May", "0", "12", "2019"])
)


@given(PARTS, PARTS, PARTS)
def test_any_parts_are_a_date_or_a_date_parse_error(year, month, day):
    try:
        date = from_parts(year, month, day)
    except DateParseError:
        return
    assert isinstance(date, PreciseDate)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("Dec-17", ["2017-12"]),
        ("dic-17", ["2017-12"]),
        ("4-Mar-19", ["2019-03-04"]),
        ("3/4/2019", ["2019-03-04", "2019-04-03"]),
        ("25/10/2016", ["2016-10-25"]),
        ("25.10.2016", ["2016-10-25"]),
        ("2016-10-25 00:00:00", ["2016-10-25"]),
        ("Dec", []),
        ("x" * 100_000, []),
    ],
)
def test_dates_reformatted_by_spreadsheets_have_several_readings(text, edtf):
    assert sorted({str(date) for date in readings(text)}) == edtf


@given(precise_dates())
def test_a_date_is_among_its_readings(date):
    assert date in readings(str(date))
