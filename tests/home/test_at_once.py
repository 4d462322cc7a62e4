"""Requests that arrive at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.models import ModelLogEntry, Page

from home.accounts import second_factor, throttle
from home.accounts.invitations import send_link
from home.accounts.log import FAILED, count_failed_sign_in
from home.kept.prepared import Parameter, Prepared
from home.models import AuthenticatorApp, ContactMessage, User
from leadwatch.groups import set_up_groups
from tests.support import factories
from tests.support.contact import Clock, Sender
from tests.support.second_factor import KEY, code_of, set_up

pytestmark = pytest.mark.postgres


def at_once(count, function):
    """Return the results of calling a function in as many threads at once."""
    barrier = Barrier(count)

    def call(_number):
        connection.ensure_connection()
        barrier.wait()
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(call, range(count)))


def test_a_double_click_stores_one_message(shared_db, monkeypatch):
    sender = Sender(factories.make_contact(), "Only once.").open()
    Clock(monkeypatch).forward(seconds=5)
    assert at_once(4, sender.send) == [True] * 4
    assert ContactMessage.objects.count() == 1


def test_tries_at_a_password_do_not_exceed_the_limit(shared_db):
    request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7")
    waits = at_once(20, lambda: throttle.count_try(request, "sign-in", "rosa"))
    assert waits.count(0) == 10


def test_a_code_of_the_app_opens_one_session(shared_db):
    user = User.objects.create_user("rosa")
    app, codes = set_up(user)
    for code in (code_of(app, later=1), codes[0]):
        assert at_once(8, lambda code=code: second_factor.is_accepted(user, code)).count(True) == 1


def test_a_double_click_sets_up_one_app_whose_codes_work(shared_db):
    user = User.objects.create_user("rosa")
    code = code_of(AuthenticatorApp(user=user, key=KEY))
    shown = at_once(2, lambda: second_factor.set_up(user, KEY, code))
    assert AuthenticatorApp.objects.filter(user=user).count() == 1
    assert second_factor.codes_left(user) == 10
    assert [second_factor.is_accepted(user, codes[0]) for codes in shown].count(True) == 1
    assert len(second_factor.make_codes(user)) == 10


def test_of_new_recovery_codes_only_the_last_ones_work(shared_db):
    user = User.objects.create_user("rosa")
    set_up(user)
    at_once(4, lambda: second_factor.make_codes(user))
    assert second_factor.codes_left(user) == 10


@pytest.mark.parametrize("kind", ["invitation", "reset"])
def test_of_two_passwords_for_one_link_one_is_accepted(shared_db, kind):
    administrator = User.objects.create_superuser("maya", "maya@example.org")
    person = User.objects.create_user("rosa", "rosa@example.org")
    if kind == "invitation":
        path = send_link(person, administrator).removeprefix(settings.WAGTAILADMIN_BASE_URL)
    else:
        names = urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
        path = reverse("wagtailadmin_password_reset_confirm", args=names)
    forms = SimpleQueue()
    for words in ("three violet kettles", "seven quiet lanterns"):
        client = Client()
        forms.put((client, client.get(path, follow=True).redirect_chain[-1][0], words))

    def choose():
        client, place, words = forms.get()
        response = client.post(place, {"new_password1": words, "new_password2": words})
        return words if response.status_code == 302 else None

    [accepted] = filter(None, at_once(2, choose))
    person.refresh_from_db()
    assert person.check_password(accepted)


def test_two_clicks_on_invite_make_one_account(shared_db):
    set_up_groups(factories.make_home())
    administrator = User.objects.create_superuser("maya", "maya@example.org")
    names = {"first_name": "Ana", "last_name": "Lee", "username": ""}
    person = names | {"email": "ana@example.org", "role": "Editors"}
    clients = SimpleQueue()
    for _click in range(4):
        client = Client()
        client.force_login(administrator)
        clients.put(client)

    def invite():
        return clients.get().post(reverse("wagtailusers_users:add"), person).status_code

    assert set(at_once(4, invite)) <= {200, 302}
    assert User.objects.filter(email="ana@example.org").count() == 1


@pytest.mark.parametrize("name", ["rosa", "nobody"])
def test_failed_sign_ins_of_a_day_are_one_entry(shared_db, name):
    User.objects.create_user("rosa")
    at_once(8, lambda: count_failed_sign_in(None, {"username": name}))
    assert ModelLogEntry.objects.get(action=FAILED).data["count"] == 8


def test_prepared_queries_do_not_mix_their_values(shared_db):
    find = Prepared(Page.objects.filter(pk=Parameter(0)))
    keys = SimpleQueue()
    for page in (factories.make_event(title=f"Event {number}") for number in range(4)):
        keys.put(page.pk)

    def ask():
        key = keys.get()
        return {key} == {page.pk for _time in range(50) for page in find(key)}

    assert at_once(4, ask) == [True] * 4
