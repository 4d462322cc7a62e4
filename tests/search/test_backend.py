import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL

from search.backend import LONGEST_QUERY, clean_query
from tests import factories
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  City \t Hall\n", "City Hall"),
        ("City\0Hall", "City Hall"),
        ("City \ud800Hall", "City Hall"),
        ('"City Hall"', '"City Hall"'),
        ('"City Hall', "City Hall"),
        ('"- City" Hall', "City Hall"),
        ("City - Hall & more", "City Hall more"),
        ("AND OR NOT", "AND OR NOT"),
        ("* ( ) - +", ""),
        ("", ""),
        ("a" * 10_000, "a" * LONGEST_QUERY),
    ],
)
def test_a_query_is_cleaned(typed, clean):
    assert clean_query(typed) == clean


@given(st.text())
def test_a_clean_query_is_short_balanced_and_stays_as_it_is(text):
    query = clean_query(text)
    assert len(query) <= LONGEST_QUERY
    assert query.count('"') % 2 == 0
    assert clean_query(query) == query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["City", '"', "-", "AND", "NEAR(", "*", "'", "%s"])).map(" ".join)
)
@example("\0")
@example('"')
def test_no_text_breaks_a_search(text):
    for found in (Page.objects.search(text), Page.objects.autocomplete(text), EventPage.objects.search(text)):
        list(found)
        found.count()


@pytest.mark.parametrize(
    "query",
    [
        "city hall",
        "hall city",
        '"City Hall"',
        "City - Hall",
        'protest "city hall"',
        'hall "city',
        "city & hall",
    ],
)
def test_signs_do_not_hide_what_the_words_find(query):
    event = factories.make_event(title="Protest at City Hall")
    assert list(EventPage.objects.search(query)) == [event]
    assert list(EventPage.objects.matching(query)) == [event]


def test_words_in_quotation_marks_are_found_in_their_order():
    factories.make_event(title="Protest at City Hall")
    assert not EventPage.objects.search('"Hall City"')


@pytest.mark.parametrize("query", ["", " ", "-", '"', "\0"])
def test_of_nothing_nothing_is_found(query):
    factories.make_event(title="Protest")
    assert not list(EventPage.objects.search(query))
    assert not list(EventPage.objects.matching(query))


def test_a_query_that_is_no_text_is_left_as_it_is():
    event = factories.make_event()
    assert list(get_search_backend().search(MATCH_ALL, EventPage)) == [event]


@pytest.mark.parametrize("query", ['"', "-", "\0", 'un"balanced'])
@pytest.mark.parametrize(
    "address",
    [
        "wagtailadmin_pages:search",
        "wagtailadmin_choose_page_search",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailsnippets_home_figure:list",
        "wagtailsnippets_home_glossaryterm:list",
        "wagtailsnippets_timeline_eventcategory:list",
    ],
)
def test_bad_input_gets_an_answer_in_the_admin_too(admin_client, address, query):
    factories.make_event()
    factories.make_figure()
    assert admin_client.get(reverse(address), {"q": query}).status_code == 200
