"""The form of what waits for review: what was changed, and one action that publishes it."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from home.models import Figure
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

CHANGED = "Ninety people came."


def in_review(thing, author, **fields):
    """Return a page or figure with changed fields, which waits for review."""
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save_revision(user=author)
    Workflow.objects.get().start(thing, author)
    return type(thing).objects.get(pk=thing.pk)


def form_of(client, thing):
    name = "wagtailadmin_pages:edit"
    if isinstance(thing, Figure):
        name = Figure.snippet_viewset.get_url_name("edit")
    return BeautifulSoup(client.get(reverse(name, args=[thing.pk])).content, "html.parser")


def way_to_changes(tree):
    return tree.select_one(".messages .info a")


def actions(tree):
    return {" ".join(button.text.split()) for button in tree.select(".footer button")}


@pytest.mark.parametrize("make", [factories.make_event, factories.make_figure])
def test_the_form_leads_to_what_was_changed(moderator, admin_user, make):
    thing = make(title="A meeting")
    assert not way_to_changes(form_of(moderator, thing))
    field = "description" if isinstance(thing, Figure) else "summary"
    tree = form_of(moderator, in_review(thing, admin_user, **{field: CHANGED}))
    link = way_to_changes(tree)
    assert link.text.strip() == "See what changed"
    changes = BeautifulSoup(moderator.get(link["href"]).content, "html.parser")
    assert CHANGED in " ".join(each.text for each in changes.select(".addition"))


def test_what_was_never_published_has_nothing_to_compare(moderator, admin_user):
    event = in_review(factories.make_event(live=False), admin_user)
    assert not way_to_changes(form_of(moderator, event))


@pytest.mark.parametrize("make", [factories.make_event, factories.make_figure])
def test_one_action_publishes_what_waits_for_review(moderator, admin_user, make):
    thing = make(live=False)
    thing.save_revision()
    assert "Publish" in actions(form_of(moderator, thing))
    found = actions(form_of(moderator, in_review(thing, admin_user)))
    assert {"Approve and publish", "Ask for changes"} <= found
    assert "Publish" not in found


def test_an_approval_that_does_not_publish_leaves_publish(moderator, admin_user):
    task = GroupApprovalTask.objects.create(name="A second look")
    task.groups.set(GroupApprovalTask.objects.exclude(pk=task.pk).get().groups.all())
    WorkflowTask.objects.create(workflow=Workflow.objects.get(), task=task, sort_order=9)
    event = in_review(factories.make_event(live=False), admin_user)
    assert {"Approve", "Publish"} <= actions(form_of(moderator, event))
