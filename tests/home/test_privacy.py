"""Who may read a page, and what strangers are told of one that they may not read."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from home.models import DocumentSource
from home.privacy import hidden_paths, restrictions_on
from tests import factories

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
    with django_assert_max_num_queries(3):
        assert len(hidden_paths()) == 20
    restrict(index)
    with django_assert_max_num_queries(3):
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
