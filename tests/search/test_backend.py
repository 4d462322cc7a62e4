import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.backends.base import FilterFieldError
from wagtail.search.query import MATCH_ALL, And, Boost, Not, Phrase, PlainText

from search.index.matches import Matches
from tests.support import factories
from timeline.models import EventPage, TimelinePage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["City", '"', "-", "AND", "NEAR(", "*", "'", "%s"])).map(" ".join)
)
@example("\0")
@example('"')
def test_no_text_is_an_error(text):
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
def test_punctuation_does_not_change_the_results(query):
    event = factories.make_event(title="Protest at City Hall")
    assert list(EventPage.objects.search(query)) == [event]
    assert list(EventPage.objects.matching(query)) == [event]


def test_words_in_quotation_marks_are_found_in_order():
    factories.make_event(title="Protest at City Hall")
    assert not EventPage.objects.search('"Hall City"')


@pytest.mark.parametrize("query", ["", " ", "-", '"', "\0"])
def test_an_empty_query_finds_nothing(query):
    factories.make_event(title="Protest")
    assert not list(EventPage.objects.search(query))
    assert not list(EventPage.objects.matching(query))


def test_query_objects_are_accepted():
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
def test_bad_input_is_no_error_in_the_admin(admin_client, address, query):
    factories.make_event()
    factories.make_figure()
    assert admin_client.get(reverse(address), {"q": query}).status_code == 200


def test_the_best_match_comes_first_and_pages_of_results_do_not_overlap():
    for number in range(25):
        factories.make_event(title=f"Meeting {number}", summary="About the grant")
    title = factories.make_event(title="The grant")
    found = EventPage.objects.search("grants")
    assert found.count() == 26
    assert found[0] == title
    pages = [list(found[start : start + 10]) for start in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 6]
    assert len({event.pk for page in pages for event in page}) == 26


def test_matches_beyond_those_that_are_ranked_are_found(monkeypatch):
    monkeypatch.setattr(Matches, "MAX_RANKED", 5)
    monkeypatch.setattr("search.backend.BATCHES", (2, 5))
    for number in range(8):
        factories.make_event(title=f"Meeting {number}", summary="About the grant")
    title = factories.make_event(title="The grant")
    found = EventPage.objects.search("grant")
    assert found[0] == title
    pks = [event.pk for start in range(0, 9, 3) for event in found[start : start + 3]]
    assert len(set(pks)) == 9
    assert len(list(EventPage.objects.search("grant"))) == 9


def test_the_queryset_filters_and_orders_the_results():
    grants = [factories.make_event(title=f"Grant {letter}", date=f"201{letter}") for letter in "312"]
    factories.make_event(title="Grant no more", live=False)
    live = EventPage.objects.live()
    assert live.search("grant").count() == 3
    in_order = live.order_by("title").search("grant", order_by_relevance=False)
    assert [event.title for event in in_order] == ["Grant 1", "Grant 2", "Grant 3"]
    assert set(live.search("grant")) == set(grants)
    assert not Page.objects.type(TimelinePage).search("grant")


def test_results_have_facets_and_scores():
    policing = factories.make_category("policing")
    factories.make_event(title="Grant")
    factories.make_event(title="Second grant", category=policing)
    factories.make_event(title="Grant for police", category=policing)
    found = EventPage.objects.search("grant")
    assert found.facet("category_id")[policing.pk] == 2
    scores = [event.score for event in found.annotate_score("score")]
    assert scores == sorted(scores)
    with pytest.raises(FilterFieldError):
        found.facet("summary")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (PlainText("grant protest", operator="or"), {"The grant", "A protest", "Grants at last"}),
        (Phrase("the grant"), {"The grant"}),
        (And([PlainText("grant"), Not(PlainText("last"))]), {"The grant"}),
        (Not(PlainText("grant")), {"A protest"}),
        (Boost(PlainText("protest"), 2), {"A protest"}),
        (MATCH_ALL, {"The grant", "A protest", "Grants at last"}),
    ],
)
def test_all_of_wagtails_queries_are_supported(query, titles):
    for title in ("The grant", "A protest", "Grants at last"):
        factories.make_event(title=title)
    assert {event.title for event in EventPage.objects.search(query)} == titles


def test_autocomplete_finds_beginnings_and_other_forms_of_words():
    event = factories.make_event(title="Policy of the City")
    for typed in ("pol", "poli ci", "policies", "CITY"):
        assert list(EventPage.objects.autocomplete(typed)) == [event], typed


def test_a_single_field_can_be_searched():
    factories.make_event(title="Protest", summary="About the grant")
    assert EventPage.objects.search("grant", fields=["summary"])
    assert not EventPage.objects.search("grant", fields=["title"])


def test_the_number_of_queries_does_not_depend_on_the_pages(django_assert_max_num_queries):
    for number in range(30):
        factories.make_event(title=f"Grant {number}")
    EventPage.objects.search("grant").count()
    with django_assert_max_num_queries(5):
        list(EventPage.objects.search("grant")[:10])
    with django_assert_max_num_queries(1):
        EventPage.objects.search("grant").count()
