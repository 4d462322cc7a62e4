"""A person's own second factor on her account page, and an administrator who resets somebody else's."""

import pytest
from wagtail.log_actions import registry

from home.accounts import second_factor
from home.admin.accounts.signing_in import KEY
from home.models import AuthenticatorApp, User
from tests.support.people import member
from tests.support.second_factor import code_of, pass_second_factor, set_up

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
CODES, REMOVE = "/admin/second-factor/codes/", "/admin/second-factor/remove/"
SET_UP = "/admin/second-factor/set-up/"


def signed_in(client, user):
    """Sign somebody in with an app."""
    user.set_password(PASSWORD)
    user.email = f"{user.pk}@example.org"
    user.save()
    set_up(user)
    client.force_login(user)
    pass_second_factor(client)
    return user


def test_new_recovery_codes_take_the_password(client):
    user = signed_in(client, member("Editors"))
    refused = client.post(CODES, {"password": "a guess"})
    assert "This is not your password" in refused.content.decode()
    codes = client.post(CODES, {"password": PASSWORD}).context_data["codes"]
    assert len(codes) == 10
    assert second_factor.is_accepted(user, codes[0])


@pytest.mark.parametrize("is_required", [True, False])
def test_a_person_who_has_an_app_may_keep_it(client, settings, is_required):
    settings.SECOND_FACTOR_REQUIRED = is_required
    signed_in(client, member("Moderators"))
    page = client.get(SET_UP).text
    assert "The app and the recovery codes that you have now will stop working." in page
    assert 'href="/admin/account/">Cancel' in page
    assert "You are signing in as" not in page


def test_a_person_who_needs_an_app_can_only_sign_out(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(member("Moderators"))
    page = client.get(SET_UP).text
    assert "You are signing in as" in page
    assert "Cancel" not in page
    assert "will stop working" not in page


def test_a_person_may_change_her_mind(client):
    client.force_login(member("Editors"))
    assert 'href="/admin/account/">Cancel' in client.get(SET_UP).text


def test_a_person_is_told_that_codes_are_turned_on(client):
    user = member("Editors")
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    client.get(SET_UP)
    code = code_of(AuthenticatorApp(user=user, key=client.session[KEY]))
    assert len(client.post(SET_UP, {"code": code, "password": PASSWORD}).context_data["codes"]) == 10
    assert "Codes for signing in are turned on." in client.get("/admin/account/").text


@pytest.mark.parametrize("group", ["Contributors", "Editors", "Moderators"])
def test_setting_up_an_app_takes_the_password(client, group):
    """Otherwise, somebody at a signed-in browser could lock out its owner."""
    user = member(group)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    page = client.get(SET_UP)
    assert "Your password" in page.text
    code = {"code": code_of(page.context_data["app"])}
    for wrong in ({}, {"password": ""}, {"password": "a guess"}):
        assert client.post(SET_UP, code | wrong).status_code == 200
        assert not AuthenticatorApp.objects.exists()
    for _number in range(10):
        refused = client.post(SET_UP, code | {"password": "a guess"})
    assert refused.status_code == 429
    assert client.post(SET_UP, code | {"password": PASSWORD}).status_code == 429
    assert client.post(SET_UP, code | {"password": PASSWORD}, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert AuthenticatorApp.objects.get().user == user


def test_a_recovery_code_leads_to_another_app(client):
    user = member("Editors")
    _app, codes = set_up(user)
    client.force_login(user)
    page = client.post("/admin/second-factor/", {"code": codes[0]}, follow=True).text
    assert "You used a recovery code; 9 are left." in page
    assert f'href="{SET_UP}"' in page


def test_turning_off_takes_the_password(client):
    user = signed_in(client, member("Editors"))
    client.post(REMOVE, {"password": "a guess"})
    assert AuthenticatorApp.objects.exists()
    assert client.post(REMOVE, {"password": PASSWORD}).url == "/admin/account/"
    assert not AuthenticatorApp.objects.exists()
    user.refresh_from_db()
    assert user.second_factor_since is None
    assert "Codes for signing in are turned off." in client.get("/admin/account/").content.decode()


def test_ten_wrong_passwords_are_enough(client):
    signed_in(client, member("Editors"))
    statuses = [client.post(REMOVE, {"password": "a guess"}).status_code for _number in range(11)]
    assert statuses == [200] * 10 + [429]
    assert client.post(CODES, {"password": PASSWORD}).status_code == 429


def test_who_needs_a_second_factor_cannot_turn_it_off(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    signed_in(client, member("Moderators"))
    account = client.get("/admin/account/").content.decode()
    assert CODES in account
    assert REMOVE not in account
    client.post(REMOVE, {"password": PASSWORD})
    assert AuthenticatorApp.objects.exists()


def test_an_administrator_resets_the_second_factor_of_somebody_else(client, settings, mailoutbox):
    settings.SECOND_FACTOR_REQUIRED = True
    person = member("Moderators")
    signed_in(client, person)
    theirs = client.cookies["sessionid"].value
    root = signed_in(client, User.objects.create_superuser("root"))
    url = f"/admin/second-factor/reset/{person.pk}/"
    assert url in client.get(f"/admin/users/edit/{person.pk}/").content.decode()
    assert "an email will tell them" in client.get(url).content.decode()
    assert client.post(url).url == f"/admin/users/edit/{person.pk}/"
    text = client.get(f"/admin/users/edit/{person.pk}/").content.decode()
    assert "Signs in with the password alone." in text
    assert [app.user for app in AuthenticatorApp.objects.all()] == [root]
    entry = registry.get_logs_for_instance(person).first()
    assert (entry.action, entry.user) == ("home.second_factor.reset", root)
    mail = mailoutbox[-1]
    assert mail.to == [person.email]
    assert "were reset" in mail.body
    assert "root did this." in mail.body
    client.cookies["sessionid"] = theirs
    assert client.get("/admin/").status_code == 302
    # The person's session is over, not only without a code.
    assert client.get("/admin/login/").status_code == 200


def test_administrators_cannot_reset_their_own(client):
    root = signed_in(client, User.objects.create_superuser("root"))
    response = client.post(f"/admin/second-factor/reset/{root.pk}/")
    assert response.url == "/admin/account/"
    assert AuthenticatorApp.objects.exists()


@pytest.mark.parametrize("group", ["Contributors", "Editors", "Moderators"])
def test_nobody_else_resets_a_second_factor(client, group):
    person = User.objects.create_user("ada")
    set_up(person)
    client.force_login(member(group))
    assert client.post(f"/admin/second-factor/reset/{person.pk}/").url == "/admin/"
    assert AuthenticatorApp.objects.get().user == person
