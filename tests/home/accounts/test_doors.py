"""Every view that asks for a password is throttled, and says so in words."""

import html
import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction
from wagtail.users.models import UserProfile

from home.accounts.doors import DOORS
from home.accounts.invitations import tokens as invitation_tokens
from home.models import TryCounter, User
from leadwatch.middleware import ADMIN_WITHOUT_LOGIN, GATES
from leadwatch.page_cache.versions import content_version
from tests.support import factories
from tests.support.people import account_form
from tests.support.permissions.requests import rendering_disabled
from tests.support.second_factor import pass_second_factor, set_up

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"
ATTACKER, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}
WAIT = re.compile(r"There were too many tries\. Please try again in \d+ minutes?\.")


@pytest.fixture
def rosa():
    return User.objects.create_superuser("rosa", "rosa@example.org", PASSWORD)


def page_gate():
    page = factories.make_event()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password=PASSWORD
    )
    return reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])


def file_gate():
    collection = Collection.get_first_root_node().add_child(name="Private")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.PASSWORD, password=PASSWORD
    )
    return reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])


def sign_in_at(url):
    return lambda: url


# For each door: a function that returns its URL, and what a person types there.
FORMS = {
    "admin": (sign_in_at("/admin/login/"), {"username": "rosa", "next": "/admin/reports/"}),
    "site": (sign_in_at("/_util/login/"), {"username": "rosa", "next": "/a-page/"}),
    "site in Spanish": (sign_in_at("/es/_util/login/"), {"username": "rosa", "next": "/es/"}),
    "page": (page_gate, {"return_url": "/a-page/"}),
    "file": (file_gate, {"return_url": "/a-page/"}),
}


def seen(response):
    return html.unescape(response.content.decode())


@pytest.mark.parametrize("form", FORMS)
def test_after_ten_wrong_passwords_the_form_says_when_to_try_again(client, rosa, form):
    make_url, typed = FORMS[form]
    url = make_url()
    # The first page that is shown creates the site's settings.
    client.get(url)
    version = content_version()
    guesses = [client.post(url, typed | {"password": f"guess {number}"}, **ATTACKER) for number in range(12)]
    assert [response.status_code for response in guesses] == [200] * 10 + [429] * 2
    refused = guesses[-1]
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    text = seen(refused)
    if "Spanish" not in form:
        assert WAIT.search(text)
        assert not WAIT.search(seen(guesses[9]))
    for value in typed.values():
        assert f'value="{value}"' in text
    assert "guess" not in text
    assert 'type="password"' in text
    assert "no-store" in refused["Cache-Control"]
    assert content_version() == version
    # Even the right one is not tried.
    assert client.post(url, typed | {"password": PASSWORD}, **ATTACKER).status_code == 429
    assert client.post(url, typed | {"password": PASSWORD}, **ELSEWHERE).status_code == 302


def test_a_thousand_guesses_from_one_source_are_ten_tries_and_the_person_can_sign_in_elsewhere(
    client, rosa, caplog
):
    failed = []
    count = lambda **kwargs: failed.append(1)  # noqa: E731
    user_login_failed.connect(count)
    with rendering_disabled():
        codes = [
            client.post(url, {"username": "rosa", "password": f"guess {number}"}, **ATTACKER).status_code
            for number in range(500)
            for url in ("/admin/login/", "/_util/login/")
        ]
    assert codes == [200] * 10 + [429] * 990
    assert len(failed) == 10
    answer = client.post("/admin/login/", {"username": "rosa", "password": PASSWORD}, **ELSEWHERE)
    assert answer.status_code == 302
    assert ATTACKER["REMOTE_ADDR"] not in caplog.text
    assert "rosa" not in caplog.text


def without_tokens(response):
    return re.sub(r'(nonce|value|CSRF_TOKEN)(="|": ")[^"]*"', "", seen(response))


@pytest.mark.parametrize("url", ["/admin/login/", "/_util/login/"])
def test_an_account_that_does_not_exist_gets_the_same_answers_after_the_same_work(
    client, rosa, url, monkeypatch
):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    # The first try from a source creates its counter.
    client.post(url, {"username": "lena", "password": "a guess"}, **ATTACKER)
    answers, work = {}, {}
    for name in ("rosa", "nobody"):
        hashed.clear()
        guess = {"username": name, "password": "a guess"}
        with CaptureQueriesContext(connection) as queries:
            answers[name] = [client.post(url, guess, **ATTACKER) for _ in range(11)]
        work[name] = (len(queries), len(hashed))
    assert work["rosa"] == work["nobody"]
    assert work["rosa"][1] == 10
    for known, unknown in zip(*answers.values(), strict=True):
        assert known.status_code == unknown.status_code
        assert without_tokens(known) == without_tokens(unknown)


def test_signing_in_and_typing_a_wrong_password_now_and_then_is_never_refused(client, rosa):
    for _ in range(8):
        for password in ("a typo", "another typo", PASSWORD):
            response = client.post("/admin/login/", {"username": "rosa", "password": password}, **ELSEWHERE)
        assert response.status_code == 302
        client.logout()


def test_resets_are_limited_with_and_without_an_account(client, rosa):
    url = reverse("wagtailadmin_password_reset")
    for address in ("rosa@example.org", "nobody@example.org"):
        answers = [client.post(url, {"email": address}, **ATTACKER) for _ in range(12)]
        assert [response.status_code for response in answers] == [302] * 10 + [429] * 2
        assert WAIT.search(seen(answers[-1]))
        assert f'value="{address}"' in seen(answers[-1])
    assert len(mail.outbox) <= 10
    assert client.post(url, {"email": "rosa@example.org"}, **ELSEWHERE).status_code == 302


def link(user, name, tokens, token=None):
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse(name, args=[uid, token or tokens.make_token(user)])


LINKS = {
    "reset": ("wagtailadmin_password_reset_confirm", default_token_generator),
    "invitation": ("invitation", invitation_tokens),
}


@pytest.mark.parametrize("kind", LINKS)
def test_links_for_choosing_a_password_are_limited(client, rosa, kind):
    guesses = [link(rosa, *LINKS[kind], f"guess-{number}") for number in range(12)]
    answers = [client.get(url, **ATTACKER) for url in guesses]
    assert [response.status_code for response in answers] == [200] * 10 + [429] * 2
    assert WAIT.search(seen(answers[-1]))
    assert "data-exit-link" in seen(answers[-1])
    assert client.get(link(rosa, *LINKS[kind]), **ATTACKER).status_code == 429
    assert client.get(link(rosa, *LINKS[kind]), **ELSEWHERE).status_code == 302


def test_somebody_who_chooses_weak_passwords_is_not_refused_and_can_sign_in_afterwards(client, rosa):
    for _ in range(10):
        client.post("/admin/login/", {"username": "rosa", "password": "forgotten"}, **ELSEWHERE)
    form = client.get(link(rosa, *LINKS["reset"]), follow=True, **ELSEWHERE).redirect_chain[-1][0]
    for _ in range(15):
        weak = client.post(form, {"new_password1": "12345", "new_password2": "12345"}, **ELSEWHERE)
        assert weak.status_code == 200
    new = "seven purple otters yawn"
    assert client.post(form, {"new_password1": new, "new_password2": new}, **ELSEWHERE).status_code == 302
    answer = client.post("/admin/login/", {"username": "rosa", "password": new}, **ELSEWHERE)
    assert answer.status_code == 302


ADDRESS = "name_email-current_password"
ACCOUNT, NEW = "/admin/account/", "seven purple otters yawn"


def test_the_old_password_is_limited_at_an_unlocked_browser_and_the_rest_of_the_form_stays(client, rosa):
    client.force_login(rosa)
    rosa.first_name, rosa.last_name = "Typed", "Lee"
    guesses = [
        client.post(ACCOUNT, account_form(rosa, f"guess {number}", NEW), **ATTACKER) for number in range(12)
    ]
    assert [response.status_code for response in guesses] == [200] * 10 + [429] * 2
    assert not WAIT.search(seen(guesses[9]))
    assert len(WAIT.findall(seen(guesses[-1]))) == 1
    assert ["entered incorrectly" in seen(response) for response in guesses] == [True] * 10 + [False] * 2
    assert all("Your account was not saved." in seen(response) for response in guesses)
    assert 'value="Typed"' in seen(guesses[-1])
    assert 0 < int(guesses[-1]["Retry-After"]) <= 15 * 60
    # Even the right one is not tried, and the screens for codes ask for the same password.
    assert client.post(ACCOUNT, account_form(rosa, PASSWORD, NEW), **ATTACKER).status_code == 429
    set_up(rosa)
    client.force_login(rosa)
    pass_second_factor(client)
    codes = reverse("new_recovery_codes")
    assert client.post(codes, {"password": PASSWORD}, **ATTACKER).status_code == 429
    assert client.post(ACCOUNT, account_form(rosa, PASSWORD, NEW), **ELSEWHERE).status_code == 302
    rosa.refresh_from_db()
    assert rosa.check_password(NEW)


def test_a_new_email_address_takes_the_password(client, rosa):
    """Otherwise, somebody at a signed-in browser could get a link for a new password."""
    client.force_login(rosa)
    old, rosa.email = rosa.email, "evil@example.org"
    rosa.first_name, rosa.last_name = "Rosa", "Lee"
    form = account_form(rosa)
    guesses = [
        client.post(ACCOUNT, form | {ADDRESS: f"guess {number}" * bool(number)}) for number in range(13)
    ]
    assert [response.status_code for response in guesses] == [200] * 11 + [429] * 2
    assert "Type your password to change the email address." in seen(guesses[0])
    # Even the right one is not tried.
    assert client.post(ACCOUNT, form | {ADDRESS: PASSWORD}).status_code == 429
    rosa.refresh_from_db()
    assert rosa.email == old
    assert client.post(ACCOUNT, form | {ADDRESS: PASSWORD}, **ELSEWHERE).status_code == 302
    rosa.refresh_from_db()
    assert rosa.email == "evil@example.org"
    # The rest takes none.
    rosa.first_name = "Rosalía"
    assert client.post(ACCOUNT, account_form(rosa)).status_code == 302


def test_the_old_password_alone_is_limited_too(client, rosa):
    client.force_login(rosa)
    for number in range(20):
        guess = client.post(ACCOUNT, account_form(rosa, f"guess {number}"), **ATTACKER)
    assert WAIT.search(seen(guess))
    assert client.post(ACCOUNT, account_form(rosa, PASSWORD, NEW), **ATTACKER).status_code == 429


def test_weak_passwords_with_the_right_old_one_and_other_changes_are_not_limited(client, rosa):
    client.force_login(rosa)
    rosa.first_name, rosa.last_name = "Rosa", "Lee"
    for _ in range(15):
        assert client.post(ACCOUNT, account_form(rosa, PASSWORD, "12345"), **ELSEWHERE).status_code == 200
        assert client.post(ACCOUNT, account_form(rosa), **ELSEWHERE).status_code == 302
    assert client.post(ACCOUNT, account_form(rosa, PASSWORD, NEW), **ELSEWHERE).status_code == 302


def test_a_person_is_told_to_wait_in_the_language_that_she_chose(client, rosa):
    UserProfile.objects.create(user=rosa, preferred_language="es")
    set_up(rosa)
    client.force_login(rosa)
    pass_second_factor(client)
    tries = {
        reverse("new_recovery_codes"): {"password": "a guess"},
        ACCOUNT: account_form(rosa, "a guess", NEW),
    }
    for url, typed in tries.items():
        for _ in range(11):
            refused = client.post(url, typed, **ATTACKER)
        assert "Hubo demasiados intentos." in seen(refused)
        assert "too many tries" not in seen(refused)


def test_showing_a_form_counts_nothing(client):
    for url in ("/admin/login/", "/_util/login/", "/admin/password_reset/", page_gate(), file_gate()):
        assert client.get(url).status_code == 200
    assert not TryCounter.objects.exists()


def test_every_view_that_asks_for_a_password_is_a_door():
    """Add a new one to DOORS, or to the exceptions here if it asks for no secret."""
    exceptions = {"wagtailadmin_password_reset_done", "wagtailadmin_password_reset_complete"}
    behind_the_sign_in = {"new_recovery_codes", "remove_second_factor"}
    assert set(DOORS) - behind_the_sign_in == (GATES | ADMIN_WITHOUT_LOGIN) - exceptions


def test_a_person_can_sign_in_if_tries_cannot_be_counted(client, rosa, monkeypatch, caplog):
    def locked(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr("home.accounts.throttle._count", locked)
    monkeypatch.setattr("home.accounts.throttle._forgive", locked)
    for _ in range(12):
        wrong = client.post("/admin/login/", {"username": "rosa", "password": "a typo"}, **ELSEWHERE)
        assert wrong.status_code == 200
    right = client.post("/admin/login/", {"username": "rosa", "password": PASSWORD}, **ELSEWHERE)
    assert right.status_code == 302
    assert "cannot be counted" in caplog.text
