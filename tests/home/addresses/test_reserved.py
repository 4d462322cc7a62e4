import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.addresses.reserved import is_reserved
from tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "slug", ["search", "feed", "files", "admin", "static", "media", "es", "contact-message"]
)
def test_a_page_cannot_take_the_path_of_a_route(slug):
    with pytest.raises(ValidationError, match="belongs to the site itself"):
        factories.make_standard_page(slug=slug)


@pytest.mark.parametrize("slug", ["search-help", "files-2", "about", "english"])
def test_other_paths_are_free(slug):
    assert not is_reserved(slug, factories.make_home())


def test_a_reserved_slug_is_free_at_deeper_levels():
    assert not is_reserved("search", factories.make_standard_page())


def test_a_child_cannot_take_a_route_of_its_parent():
    assert is_reserved("thanks", factories.make_contact())


@pytest.mark.parametrize("slug", ["history", "cite"])
def test_a_page_keeps_an_address_that_it_had_before_there_was_a_route(admin_client, client, slug):
    page = factories.make_standard_page(slug="before")
    home = page.get_parent()
    home.get_children().filter(pk=page.pk).update(slug=slug, url_path=f"{home.url_path}{slug}/")
    page.refresh_from_db()
    assert page.url == f"/{slug}/"
    page.title = "Still here"
    page.save_revision().publish()
    assert "Still here" in client.get(f"/{slug}/").content.decode()
    rows = {name: inline_formset([]) for name in ("corrections", "comments")}
    data = {"title": "Typed", "slug": slug, "summary": "x", "body": streamfield([]), **rows}
    response = admin_client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))
    assert response.status_code == 302, response.content.decode()


def test_the_error_is_shown_beside_the_field(admin_client):
    home = factories.make_home()
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", home.pk])
    inlines = {"body": streamfield([]), "corrections": inline_formset([]), "comments": inline_formset([])}
    data = nested_form_data({"title": "Search", "slug": "search", "summary": "x"} | inlines)
    response = admin_client.post(address, data)
    assert "belongs to the site itself" in response.content.decode()


def test_a_taken_slug_is_refused_with_a_plain_message(admin_client):
    taken = factories.make_standard_page(slug="privacy")
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", taken.get_parent().pk])
    rows = {name: inline_formset([]) for name in ("corrections", "comments")}
    data = {
        "title": "Privacy",
        "slug": "privacy",
        "summary": "What is kept.",
        "body": streamfield([]),
        **rows,
    }
    html = admin_client.post(address, nested_form_data(data)).content.decode()
    assert "Another page has the address “privacy” already." in html
