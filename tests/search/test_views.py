from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from tests import factories

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


def test_an_expired_page_is_not_found(client):
    hour_ago = timezone.now() - timedelta(hours=1)
    event = factories.make_event(title="Protest")
    event.expire_at = hour_ago
    event.save_revision().publish()
    call_command("publish_scheduled")
    assert "data-result" not in results(client, "protest")


def test_a_page_that_no_site_serves_is_not_found(client):
    root = Page.objects.get(depth=1)
    root.add_child(instance=Page(title="Protest elsewhere", slug="elsewhere", locale=root.locale))
    factories.make_home()
    assert "data-result" not in results(client, "protest")


def test_only_pages_in_the_language_of_the_address_are_found(client):
    event = factories.make_event(title="Protest")
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    assert "data-result" not in client.get("/es/search/", {"q": "protest"}).content.decode()
    home = factories.make_home().copy_for_translation(spanish)
    home.title, home.live, home.alias_of = "Protest en LEAD", True, None
    home.save_revision().publish()
    html = client.get("/es/search/", {"q": "protest"}).content.decode()
    assert "Protest en LEAD" in html
    assert event.url not in html
    assert "Protest en LEAD" not in results(client, "protest")


def test_a_404_offers_the_search_box(client):
    factories.make_home()
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b'name="q"' in response.content
