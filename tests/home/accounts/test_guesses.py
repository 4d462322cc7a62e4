"""Guesses at codes by somebody who knows the password and has many addresses are noticed and bounded."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import registry

from home.accounts import second_factor
from home.accounts.guesses import GUESSED
from home.models import AuthenticatorApp, User
from tests.support import factories
from tests.support.people import member
from tests.support.second_factor import code_of, set_up

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
CODE, LOGIN = "/admin/second-factor/", "/admin/login/"


@pytest.fixture
def clock(monkeypatch):
    """Set the time to some hours later."""
    now = timezone.now()
    return lambda hours: monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=hours))


@pytest.fixture
def user():
    factories.make_home()
    user = member("Moderators")
    user.email = "ada@example.org"
    user.set_password(PASSWORD)
    user.save()
    return user


def guess(user, count, code="000000"):
    return [second_factor.is_accepted(user, code) for _number in range(count)].count(True)


@pytest.mark.parametrize("code", ["000000", "000000000000"])
def test_the_person_is_told_once_a_day(user, clock, mailoutbox, code):
    set_up(user)
    mailoutbox.clear()
    guess(user, 2, code)
    assert mailoutbox == []
    for hours in (0, 1, 23, 25, 47):
        clock(hours)
        guess(user, 5, code)
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]] * 2
    for sentence in ("Somebody typed your password", "Choose a new one.", "recovery"):
        assert sentence in mailoutbox[0].body
    assert "did this" not in mailoutbox[0].body
    assert [entry.user for entry in registry.get_logs_for_instance(user).filter(action=GUESSED)] == [None] * 2


def test_whoever_types_a_wrong_code_now_and_then_is_not_told(user, mailoutbox):
    app, _codes = set_up(user)
    mailoutbox.clear()
    guess(user, 2)
    assert second_factor.is_accepted(user, code_of(app, later=1))
    guess(user, 2)
    assert mailoutbox == []


def test_after_a_hundred_wrong_codes_a_recovery_code_opens_the_account(user):
    app, codes = set_up(user)
    guess(user, 99)
    assert second_factor.is_accepted(user, code_of(app, later=-1)) is False  # It was used; the hundredth.
    assert not second_factor.is_accepted(user, code_of(app, later=1))
    assert second_factor.is_accepted(user, codes[0])
    assert second_factor.is_accepted(user, code_of(app, later=1))


def test_a_day_after_a_hundred_wrong_codes_the_app_opens_the_account(user, clock):
    app, _codes = set_up(user)
    guess(user, 300)
    clock(23)
    assert not second_factor.is_accepted(user, code_of(app, later=1))
    # Until the person gives a right code, there is one try a day.
    clock(25)
    assert guess(user, 5) == 0
    assert AuthenticatorApp.objects.get().throttling_failure_count == 101
    clock(50)
    assert second_factor.is_accepted(user, code_of(app, later=1))


def test_guesses_of_others_and_wrong_passwords_do_not_count(user, client):
    app, _codes = set_up(user)
    other = User.objects.create_user("other")
    set_up(other)
    guess(other, 101)
    for _number in range(12):
        client.post(LOGIN, {"username": user.username, "password": "a guess"})
    assert AuthenticatorApp.objects.get(user=user).throttling_failure_count == 0
    assert second_factor.is_accepted(user, code_of(app, later=1))


def test_many_addresses_with_the_password_find_no_code(user, client, mailoutbox):
    app, codes = set_up(user)
    mailoutbox.clear()
    client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    for number in range(60):
        for _number in range(5):
            response = client.post(CODE, {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
            assert response.status_code in (200, 429)
    assert len(mailoutbox) == 1
    assert AuthenticatorApp.objects.get().throttling_failure_count == 100
    refused = client.post(CODE, {"code": code_of(app, later=1)}, REMOTE_ADDR="198.51.100.9")
    assert "Type one of your recovery codes." in refused.text
    assert client.get("/admin/").status_code == 302
    assert client.post(CODE, {"code": codes[0]}, REMOTE_ADDR="198.51.100.9").url == "/admin/"
    assert client.get("/admin/").status_code == 200
