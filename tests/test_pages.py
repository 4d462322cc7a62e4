"""Rules for every page type: what it shows when live and in preview, and how many queries it needs."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page, get_page_models

from tests.support import factories
from tests.support.pages import PAGE_TYPES, fill_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_every_page_type_is_listed(neighbors):
    assert {type(make().specific) for make, _budget in PAGE_TYPES.values()} == {*get_page_models()} - {Page}


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_a_page_shows_its_title_and_stays_within_its_budget(
    name, client, neighbors, django_assert_max_num_queries
):
    make, budget = PAGE_TYPES[name]
    page = make()
    client.get(page.url)
    with django_assert_max_num_queries(budget):
        response = client.get(page.url)
    assert response.status_code == 200
    shown = page.headline if name == "home" else page.title
    assert shown in response.content.decode()


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_a_page_with_every_optional_field_shows_them(name, client, neighbors):
    page = PAGE_TYPES[name][0]().specific
    words = fill_in(page)
    html = client.get(page.url).content.decode()
    assert "The day was wrong." in html
    # The image for sharing.
    assert '<meta property="og:image" content="http' in html
    assert [field for field, word in words.items() if word not in html] == []


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_a_page_sets_no_cookie_and_is_the_same_for_everybody(name, client, neighbors):
    page = PAGE_TYPES[name][0]()
    response = client.get(page.url, headers={"accept-language": "es", "user-agent": "Some browser"})
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "Accept-Language" not in response.get("Vary", "")
    if name != "contact":
        assert response.content == Client().get(page.url).content


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_the_preview_of_an_unchanged_page_is_the_page(name, client, neighbors, admin_user):
    page = PAGE_TYPES[name][0]()
    public = main_of(client.get(page.url))
    request = page.specific.make_preview_request(original_request=None)
    assert main_of(request) == public


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_a_page_has_a_summary_for_search_engines_and_structured_data(name, client, neighbors):
    page = PAGE_TYPES[name][0]()
    html = client.get(page.url).content.decode()
    assert '<meta name="description" content="A summary.' in html
    assert '<script type="application/ld+json">' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("make", [factories.make_event, factories.make_concern, factories.make_partner])
def test_an_unpublished_page_appears_nowhere(make, client, neighbors):
    page = make(title="Taken back")
    addresses = [each.url for each in Page.objects.live().filter(depth__gt=1) if each.url]
    addresses += ["/search/?q=taken+back", "/sitemap.xml", "/feed/"]
    gone = page.url
    page.unpublish()
    for address in addresses:
        response = client.get(address)
        if address == gone:
            assert response.status_code == 404
        elif "q=" not in address:
            assert "Taken back" not in response.content.decode(), address
        else:
            assert "data-result" not in response.content.decode()


def main_of(response):
    """Return the main part of a page, without what differs by design."""
    html = response.content.decode()
    start, end = html.index("<main"), html.index("</main>")
    # The time at which the form was rendered.
    lines = [line for line in html[start:end].splitlines() if "made-at" not in line]
    return "\n".join(lines)


def test_a_lost_image_is_replaced_by_its_description(client):
    image = factories.make_image(description="The steps of City Hall")
    event = factories.make_event(lead_image=image)
    image.renditions.all().delete()
    html = client.get(event.url).content.decode()
    words = BeautifulSoup(html, "html.parser").find(class_="photo-lost").text
    assert words == "This image cannot be shown. The steps of City Hall"
    assert "not-found" not in html
    assert f'/cover/{event.pk}.png"' in html
