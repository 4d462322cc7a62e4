"""Resetting a password reveals nothing about accounts."""

import re
from contextlib import contextmanager

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from home.models import OutgoingMail, User

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/password_reset/"


def shown(response):
    """Return the page without CSRF tokens and nonces, which change with each response."""
    return re.sub(r'(nonce|value|CSRF_TOKEN)(="|": ")[^"]*"', "", response.content.decode())


@pytest.fixture
def accounts():
    User.objects.create_user("active", "active@example.org", "secret words")
    User.objects.create_user("gone", "gone@example.org", "secret words", is_active=False)
    User.objects.create_user("invited", "invited@example.org")


@pytest.mark.parametrize("name", ["active", "gone", "invited", "nobody"])
def test_the_response_is_the_same_with_and_without_an_account(client, accounts, name):
    response = client.post(ADDRESS, {"email": f"{name}@example.org"}, follow=True)
    page = shown(response)
    assert response.redirect_chain == [(f"{ADDRESS}done/", 302)]
    assert name not in page
    assert shown(client.post(ADDRESS, {"email": "stranger@example.org"}, follow=True)) == page


def test_only_active_accounts_get_mail(client, accounts):
    for name in ("active", "gone", "invited", "nobody"):
        client.post(ADDRESS, {"email": f"{name}@example.org"})
    assert [letter.to for letter in mail.outbox] == [["active@example.org"]]


def test_the_work_is_the_same_with_and_without_an_account(client, accounts, settings):
    """Response times could reveal accounts. Mail is sent later, so it takes no time."""
    settings.EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"
    client.post(ADDRESS, {"email": "warm@example.org"})
    done = {}
    for name in ("active", "gone", "invited", "nobody"):
        rendered = []
        with CaptureQueriesContext(connection) as queries, patch_rendering(rendered):
            client.post(ADDRESS, {"email": f"{name}@example.org"})
        done[name] = [re.sub(r"'.*?'|\d+", "", query["sql"])[:60] for query in queries], rendered
    assert OutgoingMail.objects.count() == 5
    assert len(done["active"][1]) == 2
    assert all(work == done["active"] for work in done.values())
    call_command("send_mail")
    assert [letter.to for letter in mail.outbox] == [["active@example.org"]]
    assert not OutgoingMail.objects.exists()


@contextmanager
def patch_rendering(rendered):
    """Record the mail templates that are rendered."""

    def note(template, **kwargs):
        if "email" in (template.name or ""):
            rendered.append(template.name)

    template_rendered.connect(note)
    yield
    template_rendered.disconnect(note)


def test_an_invalid_link_gets_the_same_response_for_every_account(client, accounts):
    user = User.objects.get(username="active")
    pages = [
        shown(client.get(f"{ADDRESS}confirm/{number}/bad-token/"))
        for number in (urlsafe_base64_encode(force_bytes(user.pk)), "OTk5OTk", "not-a-number")
    ]
    assert len(set(pages)) == 1
    assert user.email not in pages[0]


def test_the_login_gives_the_same_error_for_a_wrong_name_and_a_wrong_password(client, accounts):
    pages = [
        shown(client.post("/admin/login/", {"username": name, "password": "wrong"}))
        for name in ("active", "gone", "nobody")
    ]
    assert len(set(pages)) == 1
