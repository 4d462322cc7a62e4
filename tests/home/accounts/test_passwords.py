"""Passwords are long and hard to guess, and refusals say why."""

import gzip
import html
import time
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management import call_command

from home.models import User

pytestmark = pytest.mark.django_db
ROSA = User(username="rosa", first_name="Rosa", last_name="Lee-Ortiz", email="r.lee@example.org")
OURS = "It consists of words of this site, or of your name."


def problems(password, user=ROSA):
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        *("new haven lead watch", "New Haven LEAD Watch!", "newhavenleadwatch2026", "N3wH4v3nL34d1"),
        *("swanghjpyale", "Swan-GHJP-Yale-2026", "YaleYaleYale1", "NewHaven1234567890", "lawenforcement!"),
        *("Rosa-Ortiz-1990", "rosa-rosa-rosa", "leeortizleeortiz", "Global Health Justice"),
    ],
)
def test_words_of_the_site_and_of_the_person_are_no_password(password):
    assert OURS in problems(password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("qwertyuiop123", "Many people use passwords like it."),
        ("letmein12345", "Many people use passwords like it."),
        ("archaeological", "It consists of a few common words or names."),
        ("zxcvbnm,./'];", "It consists of keys that are next to each other."),
        ("aaaaaaaaaaaaaa", "It repeats itself."),
        ("abcdefghijklm", "It contains a sequence such as abc or 6543."),
        ("October121990", ""),
        ("short", "at least 12 characters"),
        ("839201748392", "entirely numeric"),
    ],
)
def test_a_refusal_says_why(password, reason):
    assert reason in problems(password)
    assert problems(password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "seven purple otters yawn",
            "correct horse battery",
            "Tr0ub4dor&3xy",
            "8#3$9!2@4%6^7",
            "pjk4 9aqz 8dm2",
        ),
        *("siete nutrias lilas bostezan", "renewed lawns misleading", "ñandú índigo über façade"),
    ],
)
def test_good_passwords_are_accepted(password):
    assert problems(password) == ""


def test_no_long_password_of_djangos_list_of_common_ones_is_accepted():
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    long = [line for line in gzip.decompress(path.read_bytes()).decode().split() if len(line) >= 12]
    assert len(long) > 50
    assert [password for password in long if not problems(password)] == []


@pytest.mark.parametrize(
    "password", ["4@8({[</369&#!1/|0$5+7%2" * 5, "a1" * 5000, "0" * 100_000, "p4ss" * 300, "é́" * 5000]
)
def test_no_password_takes_long_to_judge(password):
    problems("warm up the dictionaries")
    begun = time.process_time()
    problems(password)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "user", [None, User(), User(username="", first_name="", last_name="", email=""), User(username=".*+[")]
)
def test_an_incomplete_account_has_no_words(user):
    assert problems("seven purple otters yawn", user) == ""


def test_the_password_of_the_first_account_is_accepted(capsys):
    for _ in range(50):
        User.objects.all().delete()
        call_command("create_editor")
        password = capsys.readouterr().out.partition("with the password ")[2].split()[0]
        assert problems(password, User.objects.get()) == ""


def test_an_older_password_still_opens_the_site(client):
    User.objects.create_superuser("rosa", password="old")
    assert client.post("/admin/login/", {"username": "rosa", "password": "old"}).status_code == 302


def test_the_forms_say_what_is_expected_and_why_a_password_is_refused(client):
    user = User.objects.create_superuser("rosa", "rosa@example.org", "a long password")
    client.force_login(user)
    expected = "Four or more words that have nothing to do with each other are a good password."
    assert expected in html.unescape(client.get("/admin/account/").content.decode())
    typed = {"password-old_password": "a long password"} | dict.fromkeys(
        ["password-new_password1", "password-new_password2"], "New Haven LEAD Watch"
    )
    assert OURS in html.unescape(client.post("/admin/account/", typed).content.decode())
    user.refresh_from_db()
    assert user.check_password("a long password")
