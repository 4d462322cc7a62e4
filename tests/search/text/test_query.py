import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.query import Query, clean_query
from timeline.parameters import MAX_QUERY_LENGTH

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  City \t Hall\n", "City Hall"),
        ("City\0Hall", "City Hall"),
        ("City \ud800Hall", "City Hall"),
        ('"City Hall"', '"City Hall"'),
        ("“City Hall”", '"City Hall"'),
        ('"City Hall', "City Hall"),
        ('"- City" Hall', "City Hall"),
        ("City - Hall & more", "City Hall more"),
        ("AND OR NOT", "AND OR NOT"),
        ("* ( ) - +", ""),
        ("", ""),
        ("a" * 10_000, "a" * MAX_QUERY_LENGTH),
    ],
)
def test_a_query_is_cleaned(typed, clean):
    assert clean_query(typed) == clean


@given(st.text())
def test_cleaning_is_idempotent_and_limits_the_length(text):
    query = clean_query(text)
    assert len(query) <= MAX_QUERY_LENGTH
    assert query.count('"') % 2 == 0
    assert clean_query(query) == query


@given(
    st.text() | st.lists(st.sampled_from(["City", '"', "-", "AND", "-x", "2017", "/", "the"])).map(" ".join)
)
def test_any_text_can_be_parsed(text):
    query = Query.parse(text)
    assert bool(query) == bool(query.words)
    if query:
        query.as_search_query()
        query.as_search_query(any_word=True)


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("who pays for the program", ["pays", "program"], []),
        ("the who", ["the", "who"], []),
        ('"the City" -grant', ["the", "city"], ["grant"]),
        ('reform -"second letter"', ["reform"], ["second", "letter"]),
        ("teach-in", ["teach"], []),
        ("-second", [], ["second"]),
        ("10/25/2016", ["october", "25", "2016"], []),
        ("stings 10/25/2016", ["stings", "october", "25", "2016"], []),
        ("nov 2017", ["november", "2017"], []),
        ("3/4/18", ["march", "4", "2018"], []),
        ("2017", ["2017"], []),
        ("13/45/2016", ["13", "45", "2016"], []),
    ],
)
def test_queries_are_parsed(typed, wanted, excluded):
    query = Query.parse(typed)
    assert query.words == wanted
    assert [word for part in query.excluded for word in part.words] == excluded


def test_a_correction_keeps_the_rest_of_the_query():
    query = Query.parse('dashbord "policy group" -minutes')
    corrected = query.corrected({"dashbord": "dashboard"})
    assert corrected.text == 'dashboard "policy group" -minutes'
    assert corrected.excluded == query.excluded
