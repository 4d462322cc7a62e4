"""Asks for addresses, and says who was let in. Nothing that was asked for stays done."""

from contextlib import contextmanager
from unittest import mock

from django.contrib.messages import ERROR, get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.template.backends.django import Template
from django.urls import reverse
from django.utils.safestring import mark_safe

from tests.support.permissions.world import PEOPLE


class NeedsAForm(Exception):
    """An empty form does not tell whether one may: FORMS in addresses.py says what to send."""


class Writes:
    """The tables that are written to."""

    def __init__(self):
        self.found = []

    def __call__(self, execute, sql, *arguments):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.found.append(sql)
        return execute(sql, *arguments)


def who_may(world, addresses):
    """
    The letters of those who are let in, by GET and by POST.

    :returns: such a pair for each address and whose thing it is about; for an address alone, where that does
        not matter.
    """
    found = {}
    with nothing_is_drawn():
        for address in addresses:
            found.setdefault(address.shown, {})[address.of] = tuple(
                "".join(letter for letter in PEOPLE if may(world, letter, address, method))
                for method in ("GET", "POST")
            )
    return {(shown, of): who for shown, answers in found.items() for of, who in in_short(answers).items()}


def in_short(answers):
    """One answer for all if they are the same, whosever the thing is."""
    return answers if len(set(answers.values())) > 1 else {"": next(iter(answers.values()))}


@contextmanager
def nothing_is_drawn():
    """Whether somebody may is decided before a page is drawn, which takes most of the time."""
    with mock.patch.object(Template, "render", return_value=mark_safe("-")):
        yield


def may(world, letter, address, method):
    """Whether one of the people is let in."""
    writes = Writes()
    try:
        with connection.execute_wrapper(writes):
            response = ask(world, letter, address, method)
    except address.failure:
        return True
    if response.status_code == 400 and address.failure:
        return True
    if response.status_code == 400 and letter == "A":
        raise NeedsAForm(f"{method} {address.shown}: {response.content[:200]}")
    if is_refusal(response):
        return False
    # A bulk action that nothing came of answers like any other.
    if address.name == "wagtail_bulk_action":
        return bool(response.context_data["items"] if method == "GET" else writes.found)
    return True


def ask(world, letter, address, method):
    """The answer to one of the people, undone."""
    url, query = address.url(world, letter), address.asked(world, letter)
    client = world.client_of(letter)
    try:
        with transaction.atomic():
            try:
                if method == "GET":
                    return client.get(url, query)
                return client.post(url, address.posted(world, letter), query_params=query)
            finally:
                transaction.set_rollback(True)
    finally:
        cache.clear()


def is_refusal(response):
    """Whether an answer says no: sign in first, you may not, or there is no such thing."""
    if response.status_code != 302:
        return response.status_code in (400, 403, 404, 405)
    # Wagtail sends home whoever may not, with an error.
    sent_home = response.url == reverse("wagtailadmin_home")
    with_an_error = any(said.level == ERROR for said in get_messages(response.wsgi_request))
    return asks_to_sign_in(response) or (sent_home and with_an_error)


def asks_to_sign_in(response):
    return response.status_code == 302 and response.url.startswith(f"{reverse('wagtailadmin_login')}?next=")
