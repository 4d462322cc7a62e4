"""Who may read a page, and what strangers are told of one that they may not read."""

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


def test_a_copy_of_a_copy_is_as_private_as_its_original_and_no_longer():
    concern = factories.make_concern()
    copy = concern.create_alias(update_slug="copy")
    copy_of_copy = copy.create_alias(update_slug="copy-of-copy")
    restriction = restrict(concern)
    assert not any(map(is_public, (concern, copy, copy_of_copy)))
    assert list(restrictions_on(copy_of_copy)) == [restriction]
    # Wagtail gives a copy of a private page a restriction, which it then ignores.
    late_copy = concern.create_alias(update_slug="late-copy")
    assert late_copy.view_restrictions.exists()
    restriction.delete()
    assert all(map(is_public, (concern, copy, copy_of_copy, late_copy)))


def test_what_is_below_a_copy_of_a_private_page_is_private(client):
    page = factories.make_standard_page()
    copy = page.create_alias(update_slug="copy")
    below = factories.make_standard_page(parent=copy)
    restrict(page)
    assert not is_public(below)
    assert client.get(below.url).status_code == 302


def test_a_translation_follows_the_first_language_and_not_the_other_way():
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


def test_hidden_pages_are_looked_up_in_as_many_queries_for_many_as_for_few(django_assert_max_num_queries):
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


def test_the_new_address_of_a_private_page_is_not_told(client):
    page = factories.make_standard_page()
    Redirect.add_redirect("/left", page, is_permanent=True)
    assert client.get("/left/")["Location"] == page.url
    restrict(page)
    assert client.get("/left/").status_code == 404


def test_no_page_names_one_above_it_that_is_no_longer_live(client):
    parent = factories.make_standard_page(title="Withdrawn words")
    page = factories.make_standard_page(parent=parent)
    assert "Withdrawn words" in client.get(page.url).content.decode()
    Page.objects.filter(pk=parent.pk).update(live=False)
    assert "Withdrawn words" not in client.get(page.url).content.decode()


def test_a_file_of_a_private_collection_is_linked_nowhere(client):
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


def test_the_form_for_a_password_tells_nothing_of_the_page_and_is_kept_nowhere(client):
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


def test_the_frame_of_a_private_timeline_is_refused(client):
    timeline = factories.make_timeline()
    with_password(timeline)
    response = client.get(f"{timeline.url}embed/")
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_who_passed_reads_the_page_and_writes_on_it_and_nothing_is_kept(client):
    page = factories.make_contact()
    restriction = with_password(page)
    assert client.post(f"/contact-message/{page.pk}/").status_code == 404
    action = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    response = client.post(action, {"password": "open sesame", "return_url": page.url}, follow=True)
    assert page.title in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.post(f"/contact-message/{page.pk}/").status_code == 422


def test_the_password_of_a_private_translation_is_asked_in_its_language(client):
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    page = factories.make_standard_page()
    translation = page.copy_for_translation(spanish, copy_parents=True)
    translation.save_revision().publish()
    with_password(page)
    html = client.get(translation.get_url()).content.decode()
    assert '<html lang="es">' in html
    assert "Hace falta una contraseña" in html
    assert client.get(f"/es{page.url}none/").status_code == 404


def test_the_form_for_a_password_is_shown_whatever_page_is_named(client):
    page = factories.make_standard_page()
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "open sesame"}
    restriction = PageViewRestriction.objects.create(page=page, **fields)
    for number in Page.objects.values_list("pk", flat=True):
        address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, number])
        assert "A password is needed here" in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["nowhere", " nowhere ", "//elsewhere.example", "\\ud800"])
def test_the_right_password_leads_to_no_address_that_is_none_of_ours(client, address):
    page = factories.make_standard_page()
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "open sesame"}
    restriction = PageViewRestriction.objects.create(page=page, **fields)
    gate = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    response = client.post(gate, {"password": "open sesame", "return_url": address})
    assert response.status_code == 400 or response["Location"] == "/"


def test_the_login_says_what_was_wrong_and_leads_home_from_nowhere(client, django_user_model):
    django_user_model.objects.create_user("reader", password="a long password")
    response = client.post("/_util/login/", {"username": "reader", "password": "a guess"})
    html = response.content.decode()
    assert "Please enter a correct username and password" in html
    assert "data-exit-link" in html
    assert response["Referrer-Policy"] == "same-origin"
    response = client.post("/_util/login/", {"username": "reader", "password": "a long password"})
    assert response["Location"] == "/"


def test_a_form_that_is_not_taken_says_so_in_words():
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


def test_a_copy_stays_private_when_it_becomes_a_page_of_its_own(admin_client):
    page = factories.make_standard_page()
    copy = page.create_alias(update_slug="copy")
    with_password(page)
    admin_client.post(f"/admin/pages/{copy.pk}/convert_alias/")
    copy.refresh_from_db()
    assert copy.alias_of is None
    assert not is_public(copy)
