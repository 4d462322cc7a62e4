"""Rules about every page type: what it shows live and in preview, and what it costs."""

import pytest
from django.test import Client
from wagtail.models import Page, get_page_models

from tests.support import factories
from tests.support.pages import PAGE_TYPES, fill_in

pytestmark = pytest.mark.django_db


def test_every_type_of_page_is_among_them(neighbors):
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
    # The picture for sharing.
    assert '<meta property="og:image" content="http' in html
    assert [field for field, word in words.items() if word not in html] == []


@pytest.mark.parametrize("name", PAGE_TYPES)
def test_a_page_gives_no_cookie_and_is_the_same_for_everybody(name, client, neighbors):
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
def test_a_page_that_is_taken_back_is_nowhere(make, client, neighbors):
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
    """The part of a page between its header and its footer, without what differs by design."""
    html = response.content.decode()
    start, end = html.index("<main"), html.index("</main>")
    # The time at which a form was made.
    lines = [line for line in html[start:end].splitlines() if "made-at" not in line]
    return "\n".join(lines)


def test_a_picture_whose_file_is_lost_is_told_in_words(client):
    image = factories.make_image(description="The steps of City Hall")
    event = factories.make_event(lead_image=image)
    image.file.delete(save=False)
    html = client.get(event.url).content.decode()
    assert "This picture cannot be shown. The steps of City Hall" in html
    assert "not-found" not in html
    assert f'/cover/{event.pk}.png"' in html
