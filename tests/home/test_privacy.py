"""Private pages, and what the public can learn about them."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from home.models import DocumentSource
from home.privacy import hidden_paths, restrictions_on
from tests.support import factories

pytestmark = pytest.mark.django_db


def restrict(page):
    return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def is_public(page):
    return type(page).objects.for_visitors().filter(pk=page.pk).exists()


def test_a_copy_of_a_copy_is_private_as_long_as_its_original():
    concern = factories.make_concern()
    copy = concern.create_alias(update_slug="copy")
    copy_of_copy = copy.create_alias(update_slug="copy-of-copy")
    restriction = restrict(concern)
    assert not any(map(is_public, (concern, copy, copy_of_copy)))
    assert list(restrictions_on(copy_of_copy)) == [restriction]
    # Wagtail copies the restriction to the alias, but then ignores it.
    late_copy = concern.create_alias(update_slug="late-copy")
    assert late_copy.view_restrictions.exists()
    restriction.delete()
    assert all(map(is_public, (concern, copy, copy_of_copy, late_copy)))


def test_descendants_of_a_copy_of_a_private_page_are_private(client):
    page = factories.make_standard_page()
    copy = page.create_alias(update_slug="copy")
    below = factories.make_standard_page(parent=copy)
    restrict(page)
    assert not is_public(below)
    assert client.get(below.url).status_code == 302


def test_translations_follow_the_default_language_but_not_vice_versa():
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    page = factories.make_standard_page()
    translation = page.copy_for_translation(spanish, copy_parents=True)
    translation.save_revision().publish()
    translation.refresh_from_db()
    assert is_public(translation)
    restriction = restrict(translation)
    assert is_public(page)
    restriction.delete()
    restrict(page)
    assert not is_public(translation)


def test_the_number_of_queries_does_not_depend_on_the_number_of_hidden_pages(django_assert_max_num_queries):
    index = factories.make_concern_index()
    for _number in range(5):
        concern = factories.make_concern()
        concern.create_alias(update_slug=f"{concern.slug}-copy")
        restrict(concern)
    index.refresh_from_db()
    copy = index.create_alias(update_slug="concerns-copy", recursive=True)
    with django_assert_max_num_queries(5):
        assert len(hidden_paths()) == 20
    restrict(index)
    with django_assert_max_num_queries(5):
        assert hidden_paths() == tuple(sorted([index.path, copy.path]))


def test_redirects_do_not_reveal_the_new_url_of_a_private_page(client):
    page = factories.make_standard_page()
    Redirect.add_redirect("/left", page, is_permanent=True)
    assert client.get("/left/")["Location"] == page.url
    restrict(page)
    assert client.get("/left/").status_code == 404


def test_no_page_names_an_unpublished_ancestor(client):
    parent = factories.make_standard_page(title="Withdrawn words")
    page = factories.make_standard_page(parent=parent)
    assert "Withdrawn words" in client.get(page.url).content.decode()
    Page.objects.filter(pk=parent.pk).update(live=False)
    assert "Withdrawn words" not in client.get(page.url).content.decode()


def test_files_of_private_collections_are_not_linked(client):
    collection = Collection.get_first_root_node().add_child(name="Kept back")
    file = factories.make_file(name="kept-back.txt", collection=collection)
    document = factories.make_document(
        file=file,
        sources=[DocumentSource(**factories.source_fields(document=file))],
        body=[
            {"type": "document", "value": {"page": None, "file": file.pk, "note": ""}},
            {"type": "text", "value": f'<p><a linktype="document" id="{file.pk}">there</a></p>'},
        ],
    )
    pages = [document.url, document.get_parent().url]
    assert all("kept-back" in client.get(url).content.decode() for url in pages)
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert not any("kept-back" in client.get(url).content.decode() for url in pages)


def with_password(page):
    return PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )


def test_the_password_form_reveals_nothing_and_is_not_cached(client):
    page = factories.make_event(title="Withdrawn words", summary="Nor these.")
    restriction = with_password(page)
    action = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    answers = [client.get(page.url), client.get(action), client.post(action, {"password": "a guess"})]
    for response in answers:
        html = response.content.decode()
        assert "A password is needed here" in html
        assert "data-exit-link" in html
        assert 'autocomplete="current-password"' in html
        assert "Withdrawn" not in html
        assert "Nor these" not in html
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
    assert f'name="return_url" value="{page.url}"' in answers[0].content.decode()
    assert f'name="return_url" value="{page.url}"' in answers[1].content.decode()
    assert "This is not the password" in answers[2].content.decode()
    assert "a guess" not in answers[2].content.decode()


def test_a_private_timeline_cannot_be_framed(client):
    timeline = factories.make_timeline()
    with_password(timeline)
    response = client.get(f"{timeline.url}embed/")
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_visitors_with_the_password_can_read_and_send_and_nothing_is_cached(client):
    page = factories.make_contact()
    restriction = with_password(page)
    assert client.post(f"/contact-message/{page.pk}/").status_code == 404
    action = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    response = client.post(action, {"password": "open sesame", "return_url": page.url}, follow=True)
    assert page.title in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.post(f"/contact-message/{page.pk}/").status_code == 422


def test_the_password_form_of_a_translation_is_in_its_language(client):
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    page = factories.make_standard_page()
    translation = page.copy_for_translation(spanish, copy_parents=True)
    translation.save_revision().publish()
    with_password(page)
    html = client.get(translation.get_url()).content.decode()
    assert '<html lang="es">' in html
    assert "Hace falta una contraseña" in html
    assert client.get(f"/es{page.url}none/").status_code == 404


def test_the_password_form_is_shown_for_any_page(client, admin_client):
    page = factories.make_standard_page()
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "open sesame"}
    restriction = PageViewRestriction.objects.create(page=page, **fields)
    for number in Page.objects.values_list("pk", flat=True):
        address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, number])
        for visitor in (client, admin_client):
            assert "A password is needed here" in visitor.get(address).content.decode()


@pytest.mark.parametrize("address", ["nowhere", " nowhere ", "//elsewhere.example", "\\ud800"])
def test_the_password_form_redirects_to_this_site_only(client, address):
    page = factories.make_standard_page()
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "open sesame"}
    restriction = PageViewRestriction.objects.create(page=page, **fields)
    gate = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    response = client.post(gate, {"password": "open sesame", "return_url": address})
    assert response.status_code == 400 or response["Location"] == "/"


def test_the_login_shows_errors_and_redirects_to_this_site_only(client, django_user_model):
    django_user_model.objects.create_user("reader", password="a long password")
    response = client.post("/_util/login/", {"username": "reader", "password": "a guess"})
    html = response.content.decode()
    assert "Please enter a correct username and password" in html
    assert "data-exit-link" in html
    assert response["Referrer-Policy"] == "same-origin"
    response = client.post("/_util/login/", {"username": "reader", "password": "a long password"})
    assert response["Location"] == "/"


def test_a_rejected_form_is_explained():
    response = Client(enforce_csrf_checks=True).post("/_util/login/", {"username": "reader"})
    assert response.status_code == 403
    assert "The form was not sent" in response.content.decode()
    assert "data-exit-link" in response.content.decode()


def test_a_file_of_a_private_collection_asks_for_its_password(client):
    collection = Collection.get_first_root_node().add_child(name="Kept back")
    file = factories.make_file(collection=collection)
    factories.make_document(file=file)
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.PASSWORD, password="open sesame"
    )
    response = client.get(file.url)
    assert "A password is needed here" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_copy_stays_private_when_its_private_original_is_deleted():
    page = factories.make_standard_page()
    copy = page.create_alias(update_slug="copy")
    restriction = with_password(page)
    page.delete()
    copy.refresh_from_db()
    assert copy.alias_of is None
    assert not is_public(copy)
    assert copy.view_restrictions.get().password == restriction.password


def test_a_copy_stays_private_when_it_is_converted(admin_client):
    page = factories.make_standard_page()
    copy = page.create_alias(update_slug="copy")
    with_password(page)
    admin_client.post(f"/admin/pages/{copy.pk}/convert_alias/")
    copy.refresh_from_db()
    assert copy.alias_of is None
    assert not is_public(copy)
