"""Requests that arrive at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.test import RequestFactory

from home.accounts import second_factor, throttle
from home.models import AuthenticatorApp, ContactMessage, User
from tests.support import factories
from tests.support.contact import Clock, Sender
from tests.support.second_factor import KEY, code_of, set_up


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
