from collections import Counter

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from timeline.graphics.years import LONGEST, MOST, TALLEST, years_of
from timeline.templatetags.timeline_tags import drawn_years, html_of_years

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


def test_the_kept_html_of_years_has_no_words_of_visitors():
    drawn_years.cache_clear()
    years = years_of({2016: 2, 2017: 1})
    for query in ("", "?page=2", "?q=a+name", "?q=a+name&page=2", "?year=2016&page=2"):
        years[0].query = query
        html = html_of_years(years, "/timeline/")
        assert f'href="/timeline/{query.replace("&", "&amp;")}#year-2016"' in html
        assert html_of_years(years, "/timeline/") == html
    assert drawn_years.cache_info().currsize == 2


def test_the_kept_html_of_years_follows_their_values():
    first, second = years_of({2016: 2, 2017: 1}), years_of({2016: 2, 2017: 3})
    assert html_of_years(first, "") == html_of_years(years_of({2016: 2, 2017: 1}), "")
    assert html_of_years(first, "") != html_of_years(second, "")
    with override("es"):
        assert "2 hechos" in html_of_years(first, "")
    with override("en"):
        assert "2 events" in html_of_years(first, "")
