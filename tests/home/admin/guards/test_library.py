"""Permissions to change images and files, which visitors see at once."""

import pytest
from django.contrib.auth.models import Group

from home.models import SiteDocument, SiteImage, User
from home.wagtail_internals import permission_policy
from tests.support import factories
from timeline.models import EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def people():
    people = {name: User.objects.create_user(name) for name in ("Contributors", "Editors", "Moderators")}
    for name, user in people.items():
        user.groups.add(Group.objects.get(name=name))
    return people


def those_who_may(people, action, file):
    policy = permission_policy(type(file))
    return [
        name for name, user in people.items() if policy.user_has_permission_for_instance(user, action, file)
    ]


def make_both(user):
    return factories.make_image(uploaded_by_user=user), factories.make_file(uploaded_by_user=user)


def show(image, document, **fields):
    source = EventSource(**factories.source_fields(document=document))
    return factories.make_event(lead_image=image, sources=[source], **fields)


def test_an_unpublished_file_is_changed_and_deleted_by_its_owner(people):
    files = make_both(people["Contributors"])
    show(*files, live=False)
    for file in files:
        for action in ("change", "delete"):
            assert those_who_may(people, action, file) == ["Contributors", "Editors", "Moderators"]


def test_a_published_file_is_protected_from_users_who_may_not_publish(people):
    files = make_both(people["Contributors"])
    show(*files)
    for file in files:
        assert those_who_may(people, "change", file) == ["Editors", "Moderators"]
        assert those_who_may(people, "delete", file) == ["Moderators"]
        assert those_who_may(people, "choose", file) == ["Contributors", "Editors", "Moderators"]


def test_an_image_stays_protected_if_only_a_draft_drops_it(people):
    image, document = make_both(people["Editors"])
    event = show(image, document)
    event.lead_image = None
    event.save_revision()
    assert those_who_may(people, "delete", image) == ["Moderators"]


def test_the_file_of_a_figure_counts_as_published(people):
    _image, document = make_both(people["Contributors"])
    figure = factories.make_figure()
    source = figure.sources.get()
    source.document = document
    source.save()
    figure.save()
    assert those_who_may(people, "delete", document) == ["Moderators"]


def test_the_delete_url_does_not_delete_files_of_a_live_page(people, client):
    image, document = make_both(people["Contributors"])
    show(image, document)
    client.force_login(people["Contributors"])
    for address in (
        f"/admin/images/{image.pk}/delete/",
        f"/admin/images/multiple/{image.pk}/delete/",
        f"/admin/bulk/home/siteimage/delete/?id={image.pk}",
        f"/admin/documents/delete/{document.pk}/",
        f"/admin/documents/multiple/{document.pk}/delete/",
        f"/admin/bulk/home/sitedocument/delete/?id={document.pk}",
    ):
        client.post(address, headers={"x-requested-with": "XMLHttpRequest"})
    assert SiteImage.objects.filter(pk=image.pk).exists()
    assert SiteDocument.objects.filter(pk=document.pk).exists()
