"""Request URLs as different people, and find out who has access. All changes are rolled back."""

from contextlib import contextmanager
from unittest import mock

from django.contrib.messages import ERROR, get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.template.backends.django import Template
from django.urls import reverse
from django.utils.safestring import mark_safe
from wagtail.admin.icons import get_icons

from tests.support.permissions.world import PEOPLE


class NeedsFormData(Exception):
    """An empty form does not show whether the user has access. Add data to FORMS in addresses.py."""


class Writes:
    """Execute wrapper that records the SQL statements which write to a table."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, *arguments):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.statements.append(sql)
        return execute(sql, *arguments)


def access_to(addresses, world):
    """
    Return the letters of the people with access, by GET and by POST.

    :returns: a pair for each path and owner; the owner is empty where it makes no difference.
    """
    by_path = {}
    with rendering_disabled():
        for address in addresses:
            by_path.setdefault(address.path, {})[address.owner] = tuple(
                "".join(letter for letter in PEOPLE if has_access(world, letter, address, method))
                for method in ("GET", "POST")
            )
    return {
        (path, owner): letters
        for path, by_owner in by_path.items()
        for owner, letters in merge_owners(by_owner).items()
    }


def merge_owners(by_owner):
    """Return one result for all owners if the results are equal."""
    return by_owner if len(set(by_owner.values())) > 1 else {"": next(iter(by_owner.values()))}


@contextmanager
def rendering_disabled():
    """Skip rendering: it takes most of the time, and access is decided before."""
    # Wagtail keeps the icons for as long as the process runs, so those of later tests come from here.
    get_icons()
    with mock.patch.object(Template, "render", return_value=mark_safe("-")):
        yield


def has_access(world, letter, address, method):
    """Return whether one of the people has access."""
    writes = Writes()
    try:
        with connection.execute_wrapper(writes):
            response = send(world, letter, address, method)
    except address.failure:
        return True
    if response.status_code == 400 and address.failure:
        return True
    if response.status_code == 400 and letter == "A":
        raise NeedsFormData(f"{method} {address.path}: {response.content[:200]}")
    if is_refusal(response) or is_empty(response):
        return False
    # A bulk action that did nothing responds like any other.
    if address.name == "wagtail_bulk_action":
        return bool(response.context_data["items"] if method == "GET" else writes.statements)
    return True


def send(world, letter, address, method):
    """Return the response for one of the people, and roll back its changes."""
    url, query = address.url(world, letter), address.query_for(world, letter)
    client = world.client_of(letter)
    try:
        with transaction.atomic():
            try:
                if method == "GET":
                    return client.get(url, query)
                return client.post(url, address.data_for(world, letter), query_params=query)
            finally:
                transaction.set_rollback(True)
    finally:
        cache.clear()


def is_refusal(response):
    """Return whether a response refuses access."""
    if response.status_code != 302:
        return response.status_code in (400, 403, 404, 405)
    # Wagtail redirects users without permission to the admin home, with an error message.
    redirects_home = response.url == reverse("wagtailadmin_home")
    with_an_error = any(message.level == ERROR for message in get_messages(response.wsgi_request))
    return redirects_to_login(response) or (redirects_home and with_an_error)


def is_empty(response):
    """Return whether a view shows nothing: Wagtail 7.4 responds so to a GET that Wagtail 8 refuses."""
    is_view = response.request["REQUEST_METHOD"] == "GET" and response.status_code == 200
    return is_view and not response.streaming and not response.content


def redirects_to_login(response):
    return response.status_code == 302 and response.url.startswith(f"{reverse('wagtailadmin_login')}?next=")
