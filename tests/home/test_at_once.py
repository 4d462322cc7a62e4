"""Requests that arrive at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.test import RequestFactory

from home.accounts import throttle
from home.models import ContactMessage
from tests.support import factories
from tests.support.contact import Clock, Sender


def at_once(count, function):
    """Return the results of calling a function in as many threads at once."""
    barrier = Barrier(count)

    def call(_number):
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
