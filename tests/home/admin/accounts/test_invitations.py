"""Invitations: people choose their own passwords, with a link that works once, for three days."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.urls import reverse

from home.accounts.invitations import is_invited, send_link
from home.models import User
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

ANA = {"first_name": "Ana", "last_name": "Lee", "email": "ana@example.org", "username": "", "role": "Editors"}
PASSWORD = "three violet kettles"
BOTH = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def administrator(client):
    user = User.objects.create_superuser("maya", "maya@example.org", first_name="Maya", last_name="Cole")
    client.force_login(user)
    return user


def invite(client, **fields):
    return client.post(reverse("wagtailusers_users:add"), ANA | fields)


def path_in(text):
    return re.search(r"/admin/invitation/\S+?/\S+?/", text)[0]


def opened(client, path):
    """Open a link, and return the response with its form or its explanation."""
    return client.get(path, follow=True)


def choose(client, path):
    opened(client, path)
    place = path.rstrip("/").rpartition("/")[0]
    return client.post(f"{place}/choose-password/", BOTH, follow=True)


def test_an_administrator_enters_no_password(client, administrator):
    page = client.get(reverse("wagtailusers_users:add")).content.decode()
    assert "password1" not in page
    other = User.objects.create_user("other", "other@example.org", PASSWORD)
    page = client.get(reverse("wagtailusers_users:edit", args=[other.pk])).content.decode()
    assert "password1" not in page
    assert "Send a link to choose a new password" in page
    fields = ANA | {"username": "other", "email": "other@example.org", "is_active": "on"}
    client.post(
        reverse("wagtailusers_users:edit", args=[other.pk]),
        fields | {"password1": "imposed on her", "password2": "imposed on her"},
    )
    other.refresh_from_db()
    assert other.first_name == "Ana"
    assert other.check_password(PASSWORD)


def test_an_invited_person_gets_a_link_and_the_administrator_sees_it_once(client, administrator):
    page = invite(client).content.decode()
    ana = User.objects.get(email="ana@example.org")
    assert ana.username == "ana"
    assert not ana.has_usable_password()
    assert [group.name for group in ana.groups.all()] == ["Editors"]
    [letter] = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert "Maya Cole invites you" in letter.body
    assert "Your role: Editor." in letter.body
    assert path_in(page) == path_in(letter.body)
    for name in ("index", "edit", "history"):
        arguments = [] if name == "index" else [ana.pk]
        assert (
            "/admin/invitation/" not in client.get(reverse(f"wagtailusers_users:{name}", args=arguments)).text
        )


def test_the_link_leads_from_a_password_to_the_first_screen(client, administrator):
    path = path_in(invite(client).content.decode())
    client.logout()
    page = opened(client, path)
    assert "Choose your password" in page.text
    # The token is no longer in the address, which may be in the browser's history.
    assert page.redirect_chain[-1][0].endswith("/choose-password/")
    response = choose(client, path)
    assert response.redirect_chain[-1] == ("/admin/", 302)
    assert "Your password is saved. To sign in again later, use the name ana." in response.text
    ana = User.objects.get(username="ana")
    assert ana.check_password(PASSWORD)
    assert not is_invited(ana)


def test_the_link_works_once(client, administrator):
    path = path_in(invite(client).content.decode())
    client.logout()
    choose(client, path)
    client.logout()
    page = opened(client, path).text
    assert "This link no longer works" in page
    assert "ask the person who invited you" in page
    assert choose(client, path).status_code == 200
    assert "new_password1" not in page


def test_opening_the_link_does_not_use_it_up(client, administrator):
    """Mail programs and messengers open links to show a preview."""
    path = path_in(invite(client).content.decode())
    client.logout()
    for _time in range(3):
        opened(client, path)
    assert choose(client, path).redirect_chain[-1] == ("/admin/", 302)


@pytest.mark.parametrize(("hours", "works"), [(71, True), (73, False)])
def test_the_link_works_for_three_days(client, administrator, monkeypatch, hours, works):
    path = path_in(invite(client).content.decode())
    client.logout()
    later = PasswordResetTokenGenerator()._now() + timedelta(hours=hours)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert ("This link no longer works" not in opened(client, path).text) == works


def test_a_new_invitation_ends_the_first(client, administrator):
    first = path_in(invite(client).content.decode())
    ana = User.objects.get(username="ana")
    page = client.get(reverse("wagtailusers_users:index")).text
    assert "Invited, not yet signed in" in page
    assert "Send the invitation again" in page
    second = path_in(client.post(reverse("wagtailusers_users:link", args=[ana.pk])).text)
    client.logout()
    assert "This link no longer works" in opened(client, first).text
    assert choose(client, second).redirect_chain[-1] == ("/admin/", 302)


def test_a_link_for_a_forgotten_password_keeps_the_old_one_until_it_is_used(client, administrator):
    other = User.objects.create_user("other", "other@example.org", "an older password")
    path = path_in(client.post(reverse("wagtailusers_users:link", args=[other.pk])).text)
    other.refresh_from_db()
    assert other.check_password("an older password")
    client.logout()
    choose(client, path)
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_an_account_without_an_address_gets_its_link_by_hand(client, administrator):
    other = User.objects.create_user("other")
    address = reverse("wagtailusers_users:link", args=[other.pk])
    assert "The account has no email address." in client.get(address).text
    page = client.post(address).text
    assert "The account has no email address." in page
    assert not mail.outbox
    client.logout()
    choose(client, path_in(page))
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


@pytest.mark.parametrize("change", ["closed", "signed in", "other token", "no such account"])
def test_a_link_does_not_work_for(client, administrator, change):
    path = path_in(invite(client).content.decode())
    ana = User.objects.get(username="ana")
    client.logout()
    if change == "closed":
        User.objects.filter(pk=ana.pk).update(is_active=False)
    elif change == "signed in":
        client.force_login(ana)
        client.logout()
    elif change == "other token":
        token = PasswordResetTokenGenerator().make_token(ana)
        path = path.rstrip("/").rpartition("/")[0] + f"/{token}/"
    else:
        path = "/admin/invitation/OTk5OTk/bad-token/"
    assert "This link no longer works" in opened(client, path).text


def test_an_invitation_is_no_password_reset(client, administrator):
    path = path_in(invite(client).content.decode())
    client.logout()
    reset = path.replace("/invitation/", "/password_reset/confirm/")
    assert "new_password1" not in opened(client, reset).text


def test_a_weak_password_is_refused_and_the_form_stays(client, administrator):
    path = path_in(invite(client).content.decode())
    client.logout()
    opened(client, path)
    place = path.rstrip("/").rpartition("/")[0]
    response = client.post(f"{place}/choose-password/", {"new_password1": "ana", "new_password2": "ana"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert is_invited(User.objects.get(username="ana"))


def test_usernames_are_made_from_the_address(client, administrator):
    User.objects.create_user("ana", "first@example.org")
    invite(client)
    assert User.objects.get(email="ana@example.org").username == "ana2"
    invite(client, email="lee@example.org", username="lee-typed")
    assert User.objects.get(email="lee@example.org").username == "lee-typed"


def test_nobody_is_invited_twice(client, administrator):
    invite(client)
    response = invite(client, email="ANA@example.org")
    assert "Ana Lee already has an account with this address." in response.text
    assert User.objects.filter(email__iexact="ana@example.org").count() == 1


@pytest.mark.parametrize(
    ("role", "is_superuser", "names"),
    [("Contributors", False, ["Contributors"]), ("Administrators", True, [])],
)
def test_the_role_is_explained_where_it_is_chosen(client, administrator, role, is_superuser, names):
    page = client.get(reverse("wagtailusers_users:add")).text
    for words in (
        "Changes only their own work.",
        "Cannot publish.",
        "reads the messages",
        "May do everything",
    ):
        assert words in page
    assert page.count('type="radio"') == 4
    invite(client, role=role)
    ana = User.objects.get(username="ana")
    assert ana.is_superuser == is_superuser
    assert [group.name for group in ana.groups.all()] == names


def test_a_role_is_required(client, administrator):
    assert "role" in invite(client, role="").context["form"].errors


def test_a_new_role_replaces_the_old_one_and_keeps_other_groups(client, administrator):
    other_group = Group.objects.create(name="Translators")
    ana = member("Editors")
    ana.groups.add(other_group)
    address = reverse("wagtailusers_users:edit", args=[ana.pk])
    page = client.get(address).text
    assert "Translators" in page
    fields = ANA | {"username": "ana", "is_active": "on", "role": "Moderators", "groups": [other_group.pk]}
    client.post(address, fields)
    assert {group.name for group in ana.groups.all()} == {"Moderators", "Translators"}


def test_administrators_cannot_change_their_own_role(client, administrator):
    address = reverse("wagtailusers_users:edit", args=[administrator.pk])
    assert 'name="role"' not in client.get(address).text
    fields = ANA | {"username": "maya", "email": "maya@example.org"}
    client.post(address, fields)
    administrator.refresh_from_db()
    assert administrator.is_superuser
    assert administrator.is_active
    assert administrator.first_name == "Ana"


def test_only_administrators_make_and_manage_administrators(client, administrator):
    """A site may have a group that manages accounts."""
    from leadwatch.groups import permission

    manager = member("Editors")
    for action in ("add", "change", "delete"):
        manager.user_permissions.add(permission("home.user", action))
    client.force_login(manager)
    assert "role" in invite(client, role="Administrators").context["form"].errors
    invite(client, role="Editors")
    assert User.objects.filter(username="ana").exists()
    for name in ("edit", "link", "leaving"):
        address = reverse(f"wagtailusers_users:{name}", args=[administrator.pk])
        for method in (client.get, client.post):
            assert method(address).status_code in (302, 403)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert not mail.outbox[1:]


def test_the_link_names_the_site_not_the_host_of_the_request(client, administrator, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://leadwatch.example"
    ana = User.objects.create_user("ana", "ana@example.org")
    assert send_link(ana, administrator).startswith("https://leadwatch.example/admin/invitation/")
    response = client.post(
        reverse("wagtailusers_users:link", args=[ana.pk]), headers={"host": "evil.example"}
    )
    assert "evil.example/admin/invitation" not in response.text + mail.outbox[-1].body
