from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from timeline.graphics.years import LONGEST, MOST, TALLEST, years_of

years = st.lists(st.integers(1, 9999), max_size=200)


def test_years_without_an_event_are_included_if_there_are_few_years():
    found = [(year.number, year.count) for year in years_of({2016: 1, 2018: 1})]
    assert found == [(2016, 1), (2017, 0), (2018, 1)]
    assert [year.label for year in years_of({812: 1, 2018: 1})] == ["0812", "2018"]
    assert years_of({}) == []


@given(years)
def test_each_event_is_a_square_and_the_latest_has_a_path_of_its_own(numbers):
    found = years_of(Counter(numbers))
    assert sum(year.path.count("M") + year.latest.count("M") for year in found) == len(numbers)
    assert sum(bool(year.latest) for year in found) == bool(numbers)
    assert all(year.latest == "" for year in found[:-1])
    assert len(found) <= max(LONGEST, len(set(numbers)))
    assert all(year.count <= TALLEST * year.across for year in found)
    assert all("-" not in year.path.replace("h-1", "") for year in found)


@given(st.dictionaries(st.integers(2000, 2030), st.integers(1, 100_000)))
def test_a_year_of_thousands_of_events_has_few_squares(counts):
    found = years_of(counts)
    for year in found:
        squares = year.path.count("M") + year.latest.count("M")
        assert squares <= MOST
        assert (squares - 1) * year.each < year.count <= squares * year.each
