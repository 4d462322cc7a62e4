import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from search.backend import LONGEST_QUERY, clean_query
from tests import factories
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


def results(client, query, **parameters):
    return client.get("/search/", {"q": query} | parameters).content.decode()


def test_a_page_is_found_by_its_words_and_says_what_it_is(client):
    event = factories.make_event(title="Protest at City Hall")
    html = results(client, "protest")
    assert "data-result" in html
    assert event.url in html
    assert "event" in html.lower()


def test_what_visitors_may_not_see_is_not_found(client):
    factories.make_event(title="Draft protest", live=False)
    hidden = factories.make_event(title="Private protest")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    factories.make_event(title="Withdrawn protest").unpublish()
    assert "data-result" not in results(client, "protest")


def test_results_come_in_pages(client):
    for number in range(23):
        factories.make_event(title=f"Protest {number}")
    assert results(client, "protest").count("data-result") == 20
    assert results(client, "protest", page=2).count("data-result") == 3
    assert results(client, "protest", page="x").count("data-result") == 20


@pytest.mark.parametrize(
    "query",
    [
        '"',
        'an "unbalanced',
        "\0",
        "a" * 10_000,
        "AND",
        "OR NOT",
        "*",
        "-",
        "()",
        "'; DROP TABLE",
        "<script>",
        "\ud800",
    ],
)
def test_bad_input_gets_an_answer(client, query):
    response = client.get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_text_breaks_the_database(text):
    list(EventPage.objects.search(text))


@given(st.text())
def test_a_clean_query_is_short_and_balanced(text):
    query = clean_query(text)
    assert len(query) <= LONGEST_QUERY
    assert query.count('"') % 2 == 0
    assert clean_query(query) == query


def test_a_404_offers_the_search_box(client):
    factories.make_home()
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b'name="q"' in response.content
