"""The log of accounts, rights and settings, and the mails to the people concerned."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, ModelLogEntry, Site, Workflow, WorkflowPage, WorkflowTask
from wagtail.users.models import UserProfile

from home.accounts import log
from home.models import ContactPage, SiteSettings, User
from leadwatch.groups import set_up_groups
from tests.support import factories
from tests.support.people import account_form
from timeline.models import EmbedSettings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

LOGIN = "/admin/login/"
PASSWORD = "three violet kettles"


@pytest.fixture
def administrator(client):
    user = User.objects.create_superuser("maya", "maya@example.org", first_name="Maya", last_name="Cole")
    client.force_login(user)
    return user


@pytest.fixture
def ana(administrator):
    """Create an editor who has signed in before, and forget what was logged so far."""
    ana = User.objects.create_user("ana", "ana@example.org", PASSWORD, first_name="Ana", last_name="Lee")
    ana.groups.add(Group.objects.get(name="Editors"))
    User.objects.filter(pk=ana.pk).update(last_login=timezone.now())
    ana.refresh_from_db()
    ModelLogEntry.objects.all().delete()
    return ana


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do what happens after a transaction at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def entries(action, instance=None):
    found = ModelLogEntry.objects.for_instance(instance) if instance else ModelLogEntry.objects
    return list(found.filter(action=action))


def only_changes(action, instance):
    [entry] = ModelLogEntry.objects.for_instance(instance).filter(action=action)
    return entry.data["changes"]


def history(client):
    """Return the site history as an administrator reads it."""
    return client.get(reverse("wagtailadmin_reports:site_history")).text


def edit(client, person, **fields):
    kept = {
        "username": person.username,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "is_active": "on",
        "role": "Editors",
    }
    kept = {name: value for name, value in (kept | fields).items() if value is not None}
    response = client.post(reverse("wagtailusers_users:edit", args=[person.pk]), kept)
    assert response.status_code == 302, response.context["form"].errors


def test_sign_ins_are_logged_and_not_mailed(client, administrator, ana, committed):
    client.logout()
    with committed():
        client.post(LOGIN, {"username": "ana", "password": PASSWORD})
    [entry] = entries(log.SIGNED_IN, ana)
    assert entry.user == ana
    assert not mail.outbox
    client.force_login(administrator)
    assert "Signed in" in history(client)


def test_failed_sign_ins_are_counted_by_account_and_day(client, administrator, ana):
    client.logout()
    for _time in range(3):
        client.post(LOGIN, {"username": "ana", "password": "a wrong guess"})
    for name in ("nobody", "someone else"):
        client.post(LOGIN, {"username": name, "password": "a wrong guess"})
    [known] = entries(log.FAILED, ana)
    assert known.data["count"] == 3
    [unknown] = ModelLogEntry.objects.filter(action=log.FAILED).exclude(pk=known.pk)
    assert unknown.data["count"] == 2
    stored = json.dumps(list(ModelLogEntry.objects.values()), default=str)
    for secret in ("127.0.0.1", "a wrong guess", "nobody", "someone else"):
        assert secret not in stored
    client.force_login(administrator)
    assert "3 failed sign-ins on" in history(client)


def test_a_failed_sign_in_takes_the_same_queries_for_every_name(client, ana):
    client.logout()
    done = []
    for name in ("ana", "nobody", "ana", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            log.count_failed_sign_in(None, {"username": name})
        done.append([query["sql"].split()[0] for query in queries])
    assert done[0] == done[1]
    assert done[2] == done[3]


def test_sign_ins_are_deleted_after_90_days(ana):
    log.log_sign_in(None, ana)
    log.count_failed_sign_in(None, {"username": "ana"})
    log.log(ana, log.PASSWORD)
    recent = timezone.now() - timedelta(days=89)
    ModelLogEntry.objects.update(timestamp=recent)
    call_command("delete_expired", verbosity=0)
    assert ModelLogEntry.objects.count() == 3
    ModelLogEntry.objects.update(timestamp=recent - timedelta(days=2))
    call_command("delete_expired", verbosity=0)
    assert [entry.action for entry in ModelLogEntry.objects.all()] == [log.PASSWORD]


def test_a_new_role_is_logged_and_mailed_once(client, administrator, ana, committed):
    with committed():
        edit(client, ana, role="Administrators")
    assert only_changes(log.ACCOUNT, ana) == {"rights": [["Editors"], ["Administrators"]]}
    [letter] = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert "Your role was changed from Editors to Administrators." in letter.body
    assert "Maya Cole did this." in letter.body
    assert "If you did not expect this, tell an administrator" in letter.body
    assert "Role: Editors → Administrators" in history(client)


def test_saving_an_account_without_changes_logs_and_mails_nothing(client, administrator, ana, committed):
    with committed():
        edit(client, ana)
    assert not entries(log.ACCOUNT)
    assert not mail.outbox


def by_group(ana):
    Group.objects.get(name="Moderators").user_set.add(ana)


def by_set(ana):
    ana.groups.set([*ana.groups.all(), Group.objects.get(name="Moderators")])


def by_permission(ana):
    ana.user_permissions.add(Permission.objects.get(codename="delete_figure"))


def by_clearing(ana):
    ana.groups.clear()


def by_deleting_the_group(ana):
    Group.objects.get(name="Editors").delete()


def by_flag(ana):
    ana.is_superuser = True
    ana.save()


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (by_group, ["Editors", "Moderators"]),
        (by_set, ["Editors", "Moderators"]),
        (by_permission, ["Editors", "home.delete_figure"]),
        (by_clearing, []),
        (by_deleting_the_group, []),
        (by_flag, ["Administrators", "Editors"]),
    ],
)
def test_rights_are_logged_and_mailed_on_every_path(ana, committed, change, new):
    with committed():
        change(ana)
    assert only_changes(log.ACCOUNT, ana) == {"rights": [["Editors"], new]}
    [letter] = mail.outbox
    assert f"from Editors to {', '.join(new) or 'none'}." in letter.body


@pytest.mark.parametrize("address", ["assign_role", "set_active_state"])
def test_bulk_actions_are_logged_and_mailed(client, administrator, ana, committed, address):
    data = {"role": "Contributors", "mark_as_active": "False"}
    with committed():
        client.post(f"/admin/bulk/home/user/{address}/?id={ana.pk}", data)
    expected = {
        "assign_role": ({"rights": [["Editors"], ["Contributors"]]}, "from Editors to Contributors."),
        "set_active_state": ({"is_active": [True, False]}, "Your account was deactivated."),
    }
    changes, sentence = expected[address]
    assert only_changes(log.ACCOUNT, ana) == changes
    [letter] = mail.outbox
    assert sentence in letter.body
    assert "Maya Cole did this." in letter.body


def test_a_new_address_is_told_to_the_old_one_too(client, administrator, ana, committed):
    with committed():
        edit(client, ana, email="new@example.org")
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ana@example.org", "new@example.org"]
    for letter in mail.outbox:
        assert "was changed from ana@example.org to new@example.org." in letter.body
    assert "Email address: ana@example.org → new@example.org" in history(client)


def test_several_changes_of_one_form_are_one_entry_and_one_mail(client, administrator, ana, committed):
    with committed():
        edit(client, ana, role="Moderators", username="anna", is_active=None)
    changes = {
        "rights": [["Editors"], ["Moderators"]],
        "username": ["ana", "anna"],
        "is_active": [True, False],
    }
    assert only_changes(log.ACCOUNT, ana) == changes
    assert len(mail.outbox) == 1


def test_each_later_change_is_mailed(ana, committed):
    for email in ("second@example.org", "third@example.org"):
        with committed():
            ana.email = email
            ana.save()
    assert len(entries(log.ACCOUNT, ana)) == 2
    assert [letter.to[0] for letter in mail.outbox] == [
        *("second@example.org", "ana@example.org", "third@example.org", "second@example.org")
    ]


def test_a_changed_password_is_logged_and_mailed_without_the_password(client, administrator, ana):
    client.force_login(ana)
    new = "four violet kettles"
    client.post(reverse("wagtailadmin_account"), account_form(ana, PASSWORD, new))
    ana.refresh_from_db()
    assert ana.check_password(new)
    [entry] = entries(log.PASSWORD, ana)
    assert entry.user == ana
    [letter] = mail.outbox
    assert "Your password was changed." in letter.body
    stored = json.dumps(list(ModelLogEntry.objects.values()), default=str) + letter.body
    for secret in (PASSWORD, new, ana.password):
        assert secret not in stored


def test_a_password_changed_at_the_server_is_logged_and_mailed(ana):
    ana.set_password("four violet kettles")
    ana.save()
    assert len(entries(log.PASSWORD, ana)) == 1
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]


def test_a_new_hash_of_the_same_password_is_no_change(client, ana, settings):
    """Django stores a new hash at the next sign-in when an upgrade changes the algorithm."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    before = ana.password
    client.post(LOGIN, {"username": "ana", "password": PASSWORD})
    ana.refresh_from_db()
    assert ana.password != before
    assert not entries(log.PASSWORD)
    assert not mail.outbox


def test_a_new_account_gets_no_mail_about_its_changes(administrator, committed):
    with committed():
        new = User.objects.create_user("new", "new@example.org")
        new.groups.add(Group.objects.get(name="Editors"))
    assert only_changes(log.ACCOUNT, new)["rights"] == [[], ["Editors"]]
    assert not mail.outbox


def test_mails_are_in_the_language_of_the_person(ana, committed):
    UserProfile.objects.create(user=ana, preferred_language="es")
    with committed():
        ana.is_active = False
        ana.save()
    [letter] = mail.outbox
    assert letter.subject.startswith("Se cambió su cuenta en ")


def test_a_rollback_logs_and_mails_nothing(ana, committed):
    with committed(), transaction.atomic():
        ana.email = "new@example.org"
        ana.save()
        transaction.set_rollback(True)
    assert not entries(log.ACCOUNT)
    assert not mail.outbox


def typed_in(client, address):
    """Return the form of a group without permissions, as a browser would send it."""
    panels = client.get(address).context["permission_panels"]
    return {f"{panel.prefix}-{name}_FORMS": 0 for panel in panels for name in ("TOTAL", "INITIAL")}


def test_permissions_given_in_the_form_of_a_group_are_logged(client, administrator, ana):
    group = Group.objects.create(name="Translators")
    home = factories.make_home()
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    fields = typed_in(client, address) | {
        "name": group.name,
        "permissions": [Permission.objects.get(codename="access_admin").pk],
        "page_permissions-TOTAL_FORMS": 1,
        "page_permissions-0-page": home.pk,
        "page_permissions-0-permissions": ["publish_page"],
    }
    ModelLogEntry.objects.all().delete()
    assert client.post(address, fields).status_code == 302
    given = ["publish_page at " + home.title, "wagtailadmin.access_admin"]
    assert only_changes(log.GROUP, group) == {"permissions": [[], given]}
    assert f"Permissions: added publish_page at {home.title}, wagtailadmin.access_admin" in history(client)


def test_a_new_name_of_a_group_is_logged(ana):
    group = Group.objects.get(name="Editors")
    group.name = "Writers"
    group.save()
    assert only_changes(log.GROUP, group) == {"name": ["Editors", "Writers"]}


def test_deleting_an_account_is_logged_and_mailed(client, administrator, ana):
    client.post(reverse("wagtailusers_users:delete", args=[ana.pk]))
    [entry] = ModelLogEntry.objects.filter(action=log.ACCOUNT, deleted=True)
    assert entry.data["changes"]["email"] == ["ana@example.org", None]
    [letter] = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert "Your account was deleted." in letter.body


def test_permissions_given_at_the_server_are_logged(ana):
    group, granted = Group.objects.get(name="Editors"), Permission.objects.get(codename="delete_figure")
    group.permissions.add(granted)
    old, new = only_changes(log.GROUP, group)["permissions"]
    assert set(new) - set(old) == {"home.delete_figure"}
    ModelLogEntry.objects.all().delete()
    granted.group_set.remove(group)
    group.page_permissions.first().delete()
    old, new = only_changes(log.GROUP, group)["permissions"]
    assert len(set(old) - set(new)) == 2
    ModelLogEntry.objects.all().delete()
    set_up_groups(factories.make_home())
    assert len(entries(log.GROUP, group)) == 1


def test_settings_are_logged_with_old_and_new_value(client, administrator, ana):
    own = SiteSettings.load()
    ModelLogEntry.objects.all().delete()
    client.post(
        reverse("wagtailsettings:edit", args=["home", "sitesettings", own.pk]),
        {"exit_url": "https://example.org/weather", "footer_text": ""},
    )
    assert only_changes(log.SETTING, own) == {
        "exit_url": ["https://www.weather.gov/", "https://example.org/weather"]
    }
    assert "https://www.weather.gov/ → https://example.org/weather" in history(client)


def test_settings_changed_at_the_server_are_logged(ana):
    embedding, site = EmbedSettings.load(), Site.objects.get()
    ModelLogEntry.objects.all().delete()
    embedding.framing = "listed"
    embedding.save()
    assert only_changes(log.SETTING, embedding) == {"framing": ["Any site", "Only the sites listed below"]}
    before = site.hostname
    site.hostname = "leadwatch.example"
    site.save()
    assert only_changes(log.SETTING, site) == {"hostname": [before, "leadwatch.example"]}


def test_workflows_are_logged(ana):
    workflow, task = Workflow.objects.get(), GroupApprovalTask.objects.get()
    ModelLogEntry.objects.all().delete()
    workflow.active = False
    workflow.save()
    assert only_changes(log.SETTING, workflow) == {"active": [True, False]}
    task.groups.add(Group.objects.get(name="Editors"))
    assert only_changes(log.SETTING, task) == {"groups": [["Moderators"], ["Editors", "Moderators"]]}
    assigned = WorkflowPage.objects.get()
    page = str(assigned.page)
    assigned.delete()
    [entry] = ModelLogEntry.objects.filter(content_type__model="workflowpage")
    assert entry.data["changes"] == {"page": [page, None], "workflow": [str(workflow), None]}
    part = WorkflowTask.objects.get()
    part.delete()
    [entry] = ModelLogEntry.objects.filter(content_type__model="workflowtask")
    assert entry.label == str(workflow)
    assert entry.data["changes"]["task"] == [str(task), None]


def test_the_recipient_of_messages_is_logged_once_it_is_published(ana):
    page = factories.make_contact(to_address="before@example.org")
    ModelLogEntry.objects.all().delete()
    page.to_address = "after@example.org"
    revision = page.save_revision()
    assert not entries(log.SETTING)
    revision.publish()
    assert only_changes(log.SETTING, page) == {"to_address": ["before@example.org", "after@example.org"]}
    assert ContactPage.objects.get().to_address == "after@example.org"


def test_only_administrators_see_the_log_of_people_and_rights(client, administrator, ana, committed):
    factories.make_contact(to_address="desk@example.org")
    with committed():
        edit(client, ana, role="Moderators")
    client.force_login(User.objects.get(username="ana"))
    page = history(client)
    for words in ("Editors → Moderators", "desk@example.org", "Signed in"):
        assert words not in page
