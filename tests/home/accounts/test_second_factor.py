"""Codes of the app and recovery codes: each works once, and the database alone is of no use for them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.log_actions import registry

from home.accounts import second_factor
from home.models import User
from tests.support.people import member, publisher_of_figures, visitor_of_the_admin
from tests.support.second_factor import KEY, code_of, set_up

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def user():
    return User.objects.create_user("ada", "ada@example.org", "a long password")


def is_accepted(user, code):
    return second_factor.is_accepted(user, code)


def test_a_code_of_the_app_is_accepted_once(user):
    app, _codes = set_up(user)
    # Setting up took the current one.
    assert not is_accepted(user, code_of(app))
    code = code_of(app, later=1)
    assert is_accepted(user, f"{code[:3]} {code[3:]}")
    assert not is_accepted(user, code)


@pytest.mark.parametrize("wrong", ["", "0", "abcdef", "123 45", "-1", "9" * 40, "１２３４５６", "٠١٢٣٤٥"])
def test_wrong_codes_are_not_accepted(user, wrong):
    set_up(user)
    assert not is_accepted(user, wrong)


def test_a_code_from_long_ago_or_of_somebody_else_is_not_accepted(user):
    app, codes = set_up(user)
    assert not is_accepted(user, code_of(app, later=-4))
    other = User.objects.create_user("other")
    assert not is_accepted(other, code_of(app, later=1))
    assert not is_accepted(other, codes[0])


def test_each_recovery_code_is_accepted_once(user):
    _app, codes = set_up(user)
    assert len(set(codes)) == 10
    for code in codes:
        assert is_accepted(user, f"{code[:4]} {code[4:8]}-{code[8:]}")
        assert not is_accepted(user, code)
    assert second_factor.codes_left(user) == 0


def test_new_recovery_codes_replace_the_old_ones(user):
    _app, old = set_up(user)
    new = second_factor.make_codes(user)
    assert not any(is_accepted(user, code) for code in old)
    assert is_accepted(user, new[9])


def test_the_database_has_neither_the_key_nor_the_codes(user, settings):
    app, codes = set_up(user)
    assert TOTPDevice.objects.get().bin_key != app.bin_key
    stored = {token.token for token in StaticToken.objects.all()}
    assert len(stored) == 10
    assert not stored & set(codes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM otp_totp_totpdevice")
        assert cursor.fetchall() == [(KEY,)]
    code = code_of(app, later=1)
    settings.SECRET_KEY = "another"
    assert not is_accepted(user, code)
    assert not is_accepted(user, codes[0])


def test_setting_up_again_replaces_the_app(user):
    old, _codes = set_up(user)
    assert second_factor.set_up(user, "ab" * 20, "000000") is None
    assert is_accepted(user, code_of(old, later=1))
    key = "cd" * 20
    new = type(old)(user=user, key=key)
    assert second_factor.set_up(user, key, code_of(new))
    assert TOTPDevice.objects.get(user=user).key == key


def test_only_people_who_may_publish_need_a_second_factor(settings):
    people = {name: member(name) for name in ("Contributors", "Editors", "Moderators")}
    people |= {"reader": visitor_of_the_admin(), "administrator": User.objects.create_superuser("root")}
    people["publisher of figures"] = publisher_of_figures()
    assert not any(map(second_factor.is_required, people.values()))
    settings.SECOND_FACTOR_REQUIRED = True
    people = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
    assert {name for name, user in people.items() if second_factor.is_required(user)} == {
        "Moderators",
        "administrator",
        "publisher of figures",
    }


def test_changes_are_in_the_audit_log_and_told_by_mail(user, mailoutbox):
    _app, codes = set_up(user)
    is_accepted(user, codes[0])
    second_factor.make_codes(user)
    second_factor.remove(user, second_factor.REMOVED, user)
    actions = [entry.action.rpartition(".")[2] for entry in registry.get_logs_for_instance(user)]
    assert actions[::-1] == ["set_up", "use_code", "make_codes", "remove"]
    sentences = ["was set up", "One of your recovery codes was used", "New recovery codes", "were turned off"]
    for mail, sentence in zip(mailoutbox, sentences, strict=True):
        assert mail.subject == "Your account at New Haven LEAD Watch was changed"
        assert mail.to == ["ada@example.org"]
        assert sentence in mail.body
        assert "If you did not expect this, tell an administrator" in mail.body
        assert not any(code in mail.body for code in codes)


def test_the_command_resets_the_second_factor(user, capsys, mailoutbox):
    set_up(user)
    call_command("reset_second_factor", "ada")
    user.refresh_from_db()
    assert user.second_factor_since is None
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert "ada signs in with the password alone" in capsys.readouterr().out
    assert "were reset" in mailoutbox[-1].body
    entry = registry.get_logs_for_instance(user).first()
    assert (entry.action, entry.user) == ("home.second_factor.reset", None)
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "ada", "nobody")


def test_a_user_without_a_mail_address_gets_no_mail(mailoutbox):
    set_up(User.objects.create_user("without"))
    assert mailoutbox == []
