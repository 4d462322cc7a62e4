from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale, Page, PageViewRestriction

from search.models import MissedSearch
from search.results.search import Search
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def results(client, query, **parameters):
    return client.get("/search/", {"q": query} | parameters).content.decode()


def test_a_page_is_found_by_its_words_and_shown_with_its_kind(client):
    event = factories.make_event(title="Protest at City Hall")
    html = results(client, "protest")
    assert "data-result" in html
    assert event.url in html
    assert "event" in html.lower()


def test_drafts_and_private_pages_are_not_found(client):
    factories.make_event(title="Draft protest", live=False)
    hidden = factories.make_event(title="Private protest")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    factories.make_event(title="Withdrawn protest").unpublish()
    assert "data-result" not in results(client, "protest")


def test_results_are_paginated(client):
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
def test_bad_input_is_no_error(client, query):
    response = client.get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_an_expired_page_is_not_found(client):
    hour_ago = timezone.now() - timedelta(hours=1)
    event = factories.make_event(title="Protest")
    event.expire_at = hour_ago
    event.save_revision().publish()
    call_command("publish_scheduled")
    assert "data-result" not in results(client, "protest")


def test_a_page_outside_the_site_is_not_found(client):
    root = Page.objects.get(depth=1)
    root.add_child(instance=Page(title="Protest elsewhere", slug="elsewhere", locale=root.locale))
    factories.make_home()
    assert "data-result" not in results(client, "protest")


def test_only_pages_in_the_language_of_the_url_are_found(client):
    event = factories.make_event(title="Protest")
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    assert "data-result" not in client.get("/es/search/", {"q": "protest"}).content.decode()
    home = factories.make_home().copy_for_translation(spanish)
    home.title, home.live, home.alias_of = "Protest en LEAD", True, None
    home.save_revision().publish()
    html = client.get("/es/search/", {"q": "protest"}).content.decode()
    assert "<mark>Protest</mark> en LEAD" in html
    assert event.url not in html
    assert "</mark> en LEAD" not in results(client, "protest")


def test_a_404_offers_the_search_box(client):
    factories.make_home()
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b'name="q"' in response.content


def shown(client, query, **parameters):
    """Return the HTML elements of the results."""
    html = client.get("/search/", {"q": query} | parameters).content
    return BeautifulSoup(html, "html.parser").select("[data-result]")


def texts(client, query, **parameters):
    return [result.a.text for result in shown(client, query, **parameters)]


def main(client, query, **parameters):
    """Return the text of the main element with normalized whitespace."""
    html = client.get("/search/", {"q": query} | parameters).content
    return " ".join(BeautifulSoup(html, "html.parser").main.get_text(" ").split())


def test_a_result_shows_its_kind_its_date_and_why_it_was_found(client):
    event = factories.make_event(
        title="A meeting",
        date="2017-11",
        summary="The City & its partners meet about policies <b>of all kinds</b>.",
    )
    (result,) = shown(client, "policy")
    assert "Event" in result.text
    assert result.time["datetime"] == "2017-11"
    assert result.time.text == "November 2017"
    assert [mark.text for mark in result.select("mark")] == ["policies"]
    assert "The City & its partners meet about policies <b>of all kinds</b>." in result.text
    assert result.a["href"] == f"{event.url}#event-{event.slug}"
    places = [link["href"] for link in result.select("a")]
    assert f"/timeline/#event-{event.slug}" in places


@pytest.mark.parametrize("place", [0, 1])
def test_the_result_of_an_event_links_to_an_anchor_that_exists(client, place):
    event = factories.make_event(title="A meeting")
    link = shown(client, "meeting")[0].select("a")[place]["href"]
    html = client.get(link.partition("#")[0]).content.decode()
    assert html.count(f'id="event-{event.slug}"') == 1


def record_with_words_on_page_3():
    pages = ["Introduction"] * 2 + ["The triangulation of interviews took place in spring.", "End"]
    file = factories.make_file("report.pdf", factories.pdf_file(pages).read())
    return factories.make_document(title="Report", file=file)


def test_a_document_links_to_the_page_of_its_file_where_the_words_are_marked(client):
    record = record_with_words_on_page_3()
    (result,) = shown(client, "the triangulation of interviews took place")
    assert result.a["href"] == record.url
    assert "Page 3 of the file" in result.text
    assert {"triangulation", "interviews"} <= {mark.text for mark in result.select("mark")}
    address = result.select("a")[1]["href"]
    assert address.startswith(f"{record.url}pages/3/?")
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert len(page.select(".file-page rect")) == len(page.select(".file-text mark")) == 4


def test_a_document_whose_pages_are_not_drawn_links_to_the_page_in_its_file(client):
    record = record_with_words_on_page_3()
    record.file.file_pages.all().delete()
    (result,) = shown(client, "triangulation")
    assert result.select("a")[1]["href"] == f"{record.file.url}#page=3"


def test_the_number_of_queries_does_not_grow_with_the_documents(client, django_assert_num_queries):
    factories.make_document(title="Letter", file=factories.make_file(text=b"triangulation"))
    record_with_words_on_page_3()
    client.get("/search/?q=triangulation")
    with CaptureQueriesContext(connection) as captured:
        client.get("/search/?q=triangulation")
    few = len(captured)
    for _number in range(2):
        record_with_words_on_page_3()
    assert len(shown(client, "triangulation")) == 4
    with django_assert_num_queries(few):
        client.get("/search/?q=triangulation")


def test_a_document_found_by_its_own_text_shows_a_passage_of_it(client):
    file = factories.make_file(text=b"Minutes of many things")
    factories.make_document(title="A letter", summary="About minutes", file=file)
    (result,) = shown(client, "minutes")
    assert "In the file" not in result.text


def test_a_passage_contains_no_names_of_sources(client):
    event = factories.make_event(title="A grant", summary="Money for services", date="2017")
    assert event.sources.first().publisher == "Yale Daily News"
    (result,) = shown(client, "yale news grant")
    assert "Yale" not in result.text
    assert "Money for services" in result.text


def test_an_unknown_word_is_corrected(client):
    factories.make_event(title="The City's dashboard")
    assert "Did you mean “dashboard”?" in main(client, "dashbord")
    assert texts(client, "dashbord") == ["The City's dashboard"]
    assert "Did you mean" not in main(client, "dashboard")


def test_words_of_drafts_are_not_suggested_as_corrections(client):
    event = factories.make_event(title="The moratorium")
    event.unpublish()
    assert "moratorium" not in main(client, "moratorum")
    factories.make_event(title="The protest")
    text = main(client, "protst moratorum")
    assert "moratorium" not in text
    assert "The protest" in text


def test_some_words_are_enough_if_nothing_has_all_of_them(client):
    factories.make_event(title="Protest at City Hall")
    assert texts(client, "protest against helicopters") == ["Protest at City Hall"]
    assert "Nothing contains all of these words" in main(client, "protest against helicopters")


def test_words_can_be_excluded(client):
    factories.make_event(title="First letter")
    factories.make_event(title="Second letter")
    assert texts(client, "letter -second") == ["First letter"]
    assert texts(client, '"second letter"') == ["Second letter"]
    assert not texts(client, "-letter")


@pytest.fixture
def meetings(db):
    """Seven results of several kinds."""
    concern, partner = factories.make_concern(title="Meetings are few"), factories.make_partner(title="SWAN")
    funding = factories.make_category("funding")
    factories.make_event(title="Meeting 1", date="2016", concerns=[concern])
    factories.make_event(title="Meeting 2", date="2017-11", partners=[partner])
    factories.make_event(
        title="Meeting 3", date="2017", end_date="2019", category=funding, concerns=[concern]
    )
    factories.make_document(title="Meeting minutes", date="2018-02")
    factories.make_document(title="Meeting rules", date="2019")
    factories.make_standard_page(title="How to meet")
    return {"concern": concern, "partner": partner}


@pytest.mark.parametrize(
    ("parameters", "number"),
    [
        ({}, 7),
        ({"kind": "event"}, 3),
        ({"kind": ["event", "record"]}, 5),
        ({"year": "2017"}, 2),
        ({"year": "2018-2019"}, 3),
        ({"category": "funding"}, 1),
        ({"kind": "record", "year": "2019"}, 1),
        ({"kind": "record", "category": "funding"}, 0),
        ({"kind": "nothing"}, 7),
    ],
)
def test_results_can_be_filtered(client, meetings, parameters, number):
    assert len(shown(client, "meeting", **parameters)) == number


def test_results_can_be_filtered_by_concern_and_by_partner(client, meetings):
    about = texts(client, "meeting", concern=meetings["concern"].slug)
    assert set(about) == {"Meetings are few", "Meeting 1", "Meeting 3"}
    assert texts(client, "meeting", partner=meetings["partner"].slug) == ["Meeting 2"]


def test_each_choice_shows_its_number_of_results(client, meetings):
    text = main(client, "meeting")
    for words in ("All 7", "Events 3", "Documents 2", "Concerns 1", "Pages 1", "2016 1", "2017 2", "2019 2"):
        assert words in text, words
    # The number of a kind doesn't depend on the chosen kind.
    assert "Documents 2" in main(client, "meeting", kind="event")
    assert "Documents 1" in main(client, "meeting", kind="event", year="2019")
    assert "unknown and was ignored" in main(client, "meeting", kind="nothing")


def test_the_number_of_a_choice_is_that_of_the_results_it_leads_to(client, meetings):
    html = client.get("/search/", {"q": "meeting"}).content
    links = BeautifulSoup(html, "html.parser").select(".search-kinds a, .search-years a")
    assert len(links) == 9
    for link in links:
        found = client.get(f"/search/{link['href']}").content
        number = int(link.select_one(".choice-count").text)
        assert len(BeautifulSoup(found, "html.parser").select("[data-result]")) == number, link


def test_the_number_of_queries_does_not_depend_on_the_results(client, meetings):
    def queries():
        client.get("/search/", {"q": "meeting"})
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "meeting"})
        return len(captured)

    before = queries()
    for number in range(10):
        factories.make_event(title=f"Another meeting {number}")
    assert queries() == before


def test_a_search_takes_at_most_eight_queries(meetings):
    english = Locale.get_default()
    Search(QueryDict("q=meeting"), english).results(0, 20)
    with CaptureQueriesContext(connection) as captured:
        found = Search(QueryDict("q=meeting"), english)
        assert len(found.results(0, 20)) == 7
    assert len(captured) <= 8


@pytest.fixture
def promoted(db):
    page = factories.make_standard_page(title="Staying safe")
    SearchPromotion.objects.create(
        query=Query.get("danger"), page=page.page_ptr, description="Read this first."
    )
    return page


def test_promoted_results_come_first(client, promoted):
    factories.make_event(title="Danger on the road")
    first, second = shown(client, "Danger")
    assert first.a["href"] == promoted.url
    assert "Recommended" in first.text
    assert "Read this first." in first.text
    assert second.a.text == "Danger on the road"


def test_a_promoted_page_is_shown_only_if_it_is_public(client, promoted):
    promoted.unpublish()
    assert not shown(client, "danger")


def test_searches_without_a_result_are_counted_by_day(client):
    factories.make_home()
    for _time in range(2):
        client.get("/search/", {"q": "Helicopters"})
    client.get("/search/", {"q": "lead"})
    missed = MissedSearch.objects.get()
    assert (missed.term, missed.day, missed.count) == ("helicopters", timezone.localdate(), 2)


@pytest.mark.parametrize(
    "query",
    [
        "Maria Lopez 1987",
        "Maria Lopez",
        "Kim Li",
        "case 4711",
        "somebody@example.org",
        "555-0100",
        "helicopters 2019",
        "my sister was taken away and nobody answers me any more",
    ],
)
def test_a_search_that_may_be_about_a_person_is_not_kept(client, query):
    factories.make_home()
    client.get("/search/", {"q": query})
    assert not MissedSearch.objects.exists()


def test_the_number_of_counted_searches_per_day_is_limited(client, monkeypatch):
    factories.make_home()
    monkeypatch.setattr("search.models.missed_search.MAX_TERMS_PER_DAY", 2)
    for word in ("aaaa", "bbbb", "cccc"):
        client.get("/search/", {"q": word})
    assert MissedSearch.objects.count() == 2


def test_a_search_that_cannot_be_counted_still_works(client, monkeypatch, caplog):
    factories.make_home()
    monkeypatch.setattr("search.models.MissedSearchQuerySet._count", failing)
    assert client.get("/search/", {"q": "helicopters"}).status_code == 200
    assert "could not be counted" in caplog.text
    assert "helicopters" not in caplog.text


def failing(*args):
    raise DatabaseError("The disk is full.")


def test_counts_of_searches_are_deleted_after_90_days():
    today = timezone.localdate()
    MissedSearch.objects.create(term="old", day=today - timedelta(days=90))
    MissedSearch.objects.create(term="new", day=today - timedelta(days=89))
    assert [missed.term for missed in MissedSearch.objects.recent()] == ["new"]
    call_command("delete_expired")
    assert [missed.term for missed in MissedSearch.objects.all()] == ["new"]


def suggested(client, typed, path="/search/suggest/"):
    response = client.get(path, {"q": typed})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()["suggestions"]


def test_suggestions_start_with_what_was_typed(client):
    event = factories.make_event(title="Protest at City Hall")
    factories.make_event(title="Protest of a draft", live=False)
    address = f"{event.url}#event-{event.slug}"
    expected = [{"title": "Protest at City Hall", "kind": "Event", "address": address}]
    for typed in ("pro", "PROT", "hall cit", "protests"):
        assert suggested(client, typed) == expected, typed
    assert not suggested(client, "otest")
    assert not suggested(client, "")
    Locale.objects.get_or_create(language_code="es")
    assert not suggested(client, "pro", path="/es/search/suggest/")


def test_there_are_at_most_eight_suggestions(client):
    for number in range(10):
        factories.make_event(title=f"Protest {number}")
    assert len(suggested(client, "prot")) == 8


@pytest.mark.parametrize("path", ["?q=protest", "?q=nothing", "suggest/?q=pro", ""])
def test_searches_are_not_cached(client, path):
    factories.make_event(title="Protest")
    response = client.get(f"/search/{path}")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
