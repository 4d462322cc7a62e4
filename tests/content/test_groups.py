"""What the groups of a new site may do, as Wagtail itself judges it."""

import pytest
from django.contrib.auth.models import Group
from wagtail.documents.permissions import permission_policy as documents_policy
from wagtail.images import permissions as images
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.models import ContactMessage, User
from tests import factories
from timeline.starter_content.groups import set_up_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """The home page of a site with its groups."""
    home = factories.make_home()
    set_up_groups(home)
    return home


def member(name):
    user = User.objects.create_user(f"one of {name}")
    user.groups.add(Group.objects.get(name=name))
    return user


PAGE_ACTIONS = {
    "Contributors": {"add"},
    "Editors": {"add", "change"},
    "Moderators": {"add", "change", "publish", "lock", "unlock"},
}


@pytest.mark.parametrize("name", PAGE_ACTIONS)
def test_a_group_may_do_its_work_with_pages_and_no_more(home, name):
    user, policy = member(name), PagePermissionPolicy()
    actions = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}
    allowed = {action for action in actions if policy.user_has_permission_for_instance(user, action, home)}
    assert allowed == PAGE_ACTIONS[name]
    assert not policy.user_has_permission_for_instance(user, "add", Page.get_first_root_node())


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("Contributors", {"choose"}),
        ("Editors", {"add", "change", "choose"}),
        ("Moderators", {"add", "change", "choose"}),
    ],
)
def test_a_group_may_use_the_library(home, name, actions):
    user = member(name)
    for policy in (images.permission_policy, documents_policy):
        allowed = {
            action for action in ("add", "change", "choose") if policy.user_has_permission(user, action)
        }
        assert allowed == actions


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("Contributors", set()),
        ("Editors", {"add", "change"}),
        ("Moderators", {"add", "change", "delete", "publish"}),
    ],
)
def test_a_group_may_keep_terms_figures_and_categories(home, name, actions):
    user = member(name)
    for model in ("home.{}_glossaryterm", "home.{}_figure", "timeline.{}_eventcategory"):
        allowed = {
            action for action in ("add", "change", "delete", "publish") if user.has_perm(model.format(action))
        }
        assert allowed == actions


@pytest.mark.parametrize("name", PAGE_ACTIONS)
def test_a_member_comes_into_the_admin(home, name, client):
    client.force_login(member(name))
    assert client.get("/admin/").status_code == 200


def test_only_moderators_read_messages(home, client):
    page = factories.make_contact()
    ContactMessage.objects.create(page=page, form_data={"your_message": "Secret words"})
    seen = {}
    for name in PAGE_ACTIONS:
        client.force_login(member(name))
        response = client.get("/admin/messages/", follow=True)
        seen[name] = "Secret words" in response.content.decode()
    assert seen == {"Contributors": False, "Editors": False, "Moderators": True}


def test_moderators_approve_what_others_submit(home):
    workflow = home.get_workflow()
    groups = {group.name for task in workflow.tasks for group in task.specific.groups.all()}
    assert groups == {"Moderators"}
