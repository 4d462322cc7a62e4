"""Nothing that published pages link to is taken away without a word."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from home.models import DocumentPage, Figure, SiteDocument, User
from tests.support import factories
from timeline.models import EventCategory, EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


def link_to(page):
    return {"type": "text", "value": f'<p><a linktype="page" id="{page.pk}">Read on</a></p>'}


@pytest.fixture
def moderator(client):
    user = User.objects.create_user("moderator")
    user.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(user)
    return client


def address(action, page):
    return reverse(f"wagtailadmin_pages:{action}", args=[page.pk])


def bulk(action, *pages):
    chosen = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?{chosen}"


@pytest.fixture
def linked():
    """A page, and a published page that links to it."""
    page = factories.make_standard_page(title="Linked")
    return page, factories.make_standard_page(title="Linking", body=[link_to(page)])


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_published_pages_link_to_cannot_be_deleted(moderator, linked, method):
    page, linking = linked
    html = getattr(moderator, method)(address("delete", page)).content.decode()
    assert "Nothing was deleted" in html
    assert f'<a href="{address("edit", linking)}">Linking</a>' in html
    assert address("unpublish", page) in html
    assert Page.objects.filter(pk=page.pk).exists()


def test_linked_pages_cannot_be_deleted_in_bulk(moderator, linked):
    page, _linking = linked
    html = moderator.post(bulk("delete", page)).content.decode()
    assert "Nothing was deleted" in html
    assert Page.objects.filter(pk=page.pk).exists()


def test_pages_that_link_to_each_other_can_be_deleted_together(moderator, linked):
    assert moderator.post(bulk("delete", *linked)).status_code == 302
    assert not Page.objects.filter(pk__in=[page.pk for page in linked]).exists()


def test_links_to_a_descendant_count_too(admin_client, linked):
    page, _linking = linked
    below = factories.make_standard_page(parent=page)
    factories.make_standard_page(title="Reads below", body=[link_to(below)])
    assert "Reads below" in admin_client.get(address("delete", page)).content.decode()


def test_a_link_in_a_draft_does_not_count(moderator):
    page = factories.make_standard_page()
    factories.make_standard_page(live=False, body=[link_to(page)])
    assert moderator.post(address("delete", page)).status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


def test_unpublishing_a_linked_page_needs_confirmation(moderator, linked):
    page, _linking = linked
    response = moderator.post(address("unpublish", page), {"next": ""})
    assert "Linking" in response.content.decode()
    assert "Unpublish anyway" in response.content.decode()
    page.refresh_from_db()
    assert page.live
    assert moderator.post(address("unpublish", page), {"anyway": "yes"}).status_code == 302
    page.refresh_from_db()
    assert not page.live


def test_unpublishing_in_bulk_needs_confirmation_and_keeps_the_choice_about_descendants(moderator, linked):
    page, _linking = linked
    html = moderator.post(bulk("unpublish", page), {"include_descendants": "on"}).content.decode()
    assert '<input type="hidden" name="include_descendants" value="on">' in html
    page.refresh_from_db()
    assert page.live
    moderator.post(bulk("unpublish", page), {"include_descendants": "on", "anyway": "yes"})
    page.refresh_from_db()
    assert not page.live


def test_an_unlinked_page_is_unpublished_without_confirmation(moderator):
    page = factories.make_standard_page()
    assert moderator.post(address("unpublish", page)).status_code == 302
    page.refresh_from_db()
    assert not page.live


def test_titles_of_private_pages_are_shown_only_to_their_editors(client, linked):
    page, linking = linked
    PageViewRestriction.objects.create(page=linking, restriction_type=PageViewRestriction.LOGIN)
    group = Group.objects.create(name="Of one page")
    client.force_login(somebody_of_one_page(group, page))
    html = client.get(address("delete", page)).content.decode()
    assert "A restricted page" in html
    assert "Linking" not in html


def somebody_of_one_page(group, page):
    """A user who may edit and publish only one page."""
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in ("change", "publish"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{action}_page")
        group.page_permissions.create(page=page, permission=permission)
    user = User.objects.create_user("of-one-page")
    user.groups.add(group)
    return user


def test_a_user_who_may_not_delete_sees_no_links(client, linked):
    page, _linking = linked
    user = User.objects.create_user("contributor")
    user.groups.add(Group.objects.get(name="Contributors"))
    client.force_login(user)
    for action in ("delete", "unpublish"):
        response = client.post(address(action, page))
        assert response.status_code == 302
        assert b"Linking" not in response.content


def test_a_figure_that_a_page_shows_cannot_be_deleted(moderator):
    figure = factories.make_figure()
    factories.make_standard_page(
        title="Shows it", body=[{"type": "chart", "value": {"figure": figure.pk, "caption": ""}}]
    )
    url = reverse(figure.snippet_viewset.get_url_name("delete"), args=[figure.pk])
    for html in (moderator.get(url).content.decode(), moderator.post(url).content.decode()):
        assert "Shows it" in html
    assert Figure.objects.exists()


def test_a_category_of_published_events_cannot_be_deleted(moderator):
    event = factories.make_event(title="The event")
    url = reverse(EventCategory.snippet_viewset.get_url_name("delete"), args=[event.category_id])
    assert "The event" in moderator.post(url).content.decode()
    assert EventCategory.objects.exists()


def test_a_term_is_deleted_without_checks(moderator):
    term = factories.make_term()
    url = reverse(term.snippet_viewset.get_url_name("delete"), args=[term.pk])
    assert "Not used anywhere else" in moderator.get(url).content.decode()
    assert moderator.post(url).status_code == 302
    assert not type(term).objects.exists()


def test_the_file_of_a_document_cannot_be_deleted(admin_client):
    file = factories.make_file()
    factories.make_document(file=file)
    url = reverse("wagtaildocs:delete", args=[file.pk])
    html = admin_client.get(url).content.decode()
    assert "It cannot be deleted while it is needed there" in html
    admin_client.post(url)
    assert SiteDocument.objects.exists()


def test_an_unexpected_protected_error_is_shown_as_a_message(admin_client):
    file = factories.make_file()
    page = factories.make_document(file=file)
    # The reference index is updated in the background, and lacks this yet.
    ReferenceIndex.objects.all().delete()
    response = admin_client.post(reverse("wagtaildocs:delete", args=[file.pk]), follow=True)
    assert "Nothing was deleted: it is still used in 1 place" in response.content.decode()
    assert page.title not in response.content.decode()
    assert DocumentPage.objects.get().file == file


def test_many_links_need_as_many_queries_as_one(moderator, django_assert_max_num_queries):
    page = factories.make_standard_page()
    for _number in range(12):
        factories.make_event(body=[link_to(page)])
    assert EventPage.objects.count() == 12
    moderator.get(address("delete", page))
    with django_assert_max_num_queries(30):
        moderator.get(address("delete", page))
