"""The permissions of the groups of a new site, as Wagtail checks them."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Collection, Locale, Page, Workflow, WorkflowContentType
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.models import ContactMessage, Figure, GlossaryTerm, SiteDocument, SiteImage, User
from home.wagtail_internals import permission_policy
from leadwatch.groups import set_up_groups
from tests.support import factories
from timeline.models import EventCategory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """Create a home page and the groups."""
    home = factories.make_home()
    set_up_groups(home)
    return home


def member(name):
    user, _created = User.objects.get_or_create(username=f"one of {name}")
    user.groups.add(Group.objects.get(name=name))
    return user


PAGE_ACTIONS = {
    "Contributors": {"add"},
    "Editors": {"add", "change"},
    "Moderators": {"add", "change", "publish", "lock", "unlock"},
}


@pytest.mark.parametrize("name", PAGE_ACTIONS)
def test_groups_have_only_their_permissions_for_pages(home, name):
    user, policy = member(name), PagePermissionPolicy()
    actions = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}
    allowed = {action for action in actions if policy.user_has_permission_for_instance(user, action, home)}
    assert allowed == PAGE_ACTIONS[name]
    assert not policy.user_has_permission_for_instance(user, "add", Page.get_first_root_node())


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("Contributors", {"add", "change", "choose"}),
        ("Editors", {"add", "change", "choose"}),
        ("Moderators", {"add", "change", "choose"}),
    ],
)
def test_groups_may_use_the_library(home, name, actions):
    """Contributors may change images and files, too, but only their own."""
    user = member(name)
    for policy in (permission_policy(SiteImage), permission_policy(SiteDocument)):
        allowed = {
            action for action in ("add", "change", "choose") if policy.user_has_permission(user, action)
        }
        assert allowed == actions


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("Contributors", {"add"}),
        ("Editors", {"add", "change"}),
        ("Moderators", {"add", "change", "delete", "publish", "lock", "unlock"}),
    ],
)
def test_groups_may_manage_terms_figures_and_categories(home, name, actions):
    user = member(name)
    may_be = {"add", "change", "delete", "publish", "lock", "unlock"}
    for model in ("home.{}_glossaryterm", "home.{}_figure", "timeline.{}_eventcategory"):
        allowed = {action for action in may_be if user.has_perm(model.format(action))}
        # Categories are the same for all events, so contributors add none.
        assert allowed == (set() if model.startswith("timeline") and name == "Contributors" else actions)


def test_figures_terms_and_categories_are_reviewed_as_pages_are(home):
    for model in (Figure, GlossaryTerm, EventCategory):
        assert model.get_default_workflow() == home.get_workflow()


def test_an_administrator_may_choose_another_workflow(home):
    other = Workflow.objects.create(name="Other")
    WorkflowContentType.objects.update(workflow=other)
    run_command()
    assert Figure.get_default_workflow() == other


def test_only_moderators_manage_embedding_and_redirects(home):
    for permission in ("timeline.change_embedsettings", "wagtailredirects.add_redirect"):
        assert [name for name in PAGE_ACTIONS if member(name).has_perm(permission)] == ["Moderators"]


def test_only_administrators_set_where_the_exit_leads(home):
    assert not any(member(name).has_perm("home.change_sitesettings") for name in PAGE_ACTIONS)


def test_contributors_can_add_an_image_and_a_file_from_the_form_of_a_page(home, client):
    user = member("Contributors")
    client.force_login(user)
    picture = {
        "image-chooser-upload-title": "A vigil",
        "image-chooser-upload-description": "People with candles",
        "image-chooser-upload-people": "nobody",
    }
    client.post(
        "/admin/images/chooser/create/",
        picture
        | {
            "image-chooser-upload-file": factories.image_file(),
            "image-chooser-upload-collection": Collection.get_first_root_node().pk,
        },
    )
    client.post(
        "/admin/documents/chooser/create/",
        {
            "document-chooser-upload-title": "Minutes",
            "document-chooser-upload-file": ContentFile(b"Minutes", "minutes.txt"),
            "document-chooser-upload-collection": Collection.get_first_root_node().pk,
        },
    )
    assert SiteImage.objects.get().uploaded_by_user == user
    assert SiteDocument.objects.get().uploaded_by_user == user


@pytest.mark.parametrize("name", PAGE_ACTIONS)
def test_members_of_groups_can_open_the_admin(home, name, client):
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


def test_moderators_approve_submitted_pages(home):
    workflow = home.get_workflow()
    groups = {group.name for task in workflow.tasks for group in task.specific.groups.all()}
    assert groups == {"Moderators"}


def run_command(**options):
    output = StringIO()
    call_command("set_up_groups", stdout=output, **options)
    return output.getvalue()


def test_the_command_updates_an_existing_site_and_lists_the_changes(home):
    contributors = Group.objects.get(name="Contributors")
    contributors.collection_permissions.all().delete()
    contributors.permissions.add(Permission.objects.get(codename="change_figure"))
    said = run_command()
    assert "  + add_image in Root\n" in said
    assert "  - home.change_figure\n" in said
    assert "Editors: as before." in said
    assert member("Contributors").has_perm("wagtailadmin.access_admin")
    assert not Group.objects.filter(permissions__codename="change_figure", name="Contributors").exists()
    assert permission_policy(SiteImage).user_has_permission(User.objects.get(), "add")


def upgrade(name):
    """Send the signal of `migrate` after a migration, which can't run here."""
    migration = MigrationLoader(connection).get_migration("leadwatch", name)
    emit_post_migrate_signal(0, False, connection.alias, apps=apps, plan=[(migration, False)])


def test_an_upgrade_brings_new_permissions_once_and_revokes_none(home):
    contributors = Group.objects.get(name="Contributors")
    new, own = (Permission.objects.get(codename=name) for name in ("add_figure", "change_figure"))
    contributors.permissions.set([own])
    upgrade("0002_permissions_of_groups")
    assert {new, own} < set(contributors.permissions.all())
    # What an administrator revokes stays revoked.
    contributors.permissions.remove(new)
    upgrade("0001_content_version")
    assert new not in contributors.permissions.all()


def test_the_second_run_changes_nothing(home):
    run_command()
    assert "+" not in run_command()


def test_a_dry_run_only_lists_the_changes(home):
    Group.objects.get(name="Editors").page_permissions.all().delete()
    assert "  + change_page at LEAD Watch\n" in run_command(dry_run=True)
    assert not Group.objects.get(name="Editors").page_permissions.exists()


def test_groups_have_permissions_in_every_language(home):
    spanish = Locale.objects.create(language_code="es")
    translated = home.copy_for_translation(spanish)
    run_command()
    policy = PagePermissionPolicy()
    assert policy.user_has_permission_for_instance(member("Editors"), "change", translated)


def test_other_groups_are_not_changed(home):
    other = Group.objects.create(name="Translators")
    other.permissions.add(Permission.objects.get(codename="change_figure"))
    run_command()
    assert other.permissions.count() == 1


def test_a_site_without_a_home_page_is_refused():
    with pytest.raises(CommandError):
        run_command()
