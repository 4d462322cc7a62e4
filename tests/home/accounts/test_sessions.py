"""Sessions end 12 hours after sign-in, and after an idle hour for people who may publish."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from wagtail.admin.models import EditingSession

from home.accounts import sessions
from home.models import User
from tests.support import factories
from tests.support.people import member, publisher_of_figures
from tests.support.permissions.requests import rendering_disabled

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600
PUBLISHERS = ["Moderators", "Administrators", "Publishers of figures"]
OTHERS = ["Contributors", "Editors"]


def person(kind):
    if kind == "Publishers of figures":
        return publisher_of_figures()
    return User.objects.create_superuser("root") if kind == "Administrators" else member(kind)


@pytest.fixture
def clock(monkeypatch):
    """The time as the middleware sees it; tests add seconds to `clock.now`."""
    clock = SimpleNamespace(now=1_800_000_000.0)
    monkeypatch.setattr(sessions, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture
def signed_in(client, clock):
    """Sign in as a member of a group, and return a function that tells whether the session lasts."""

    def sign_in(kind):
        client.force_login(person(kind))
        assert client.get("/admin/").status_code == 200

    return sign_in


def is_signed_in(client, url="/admin/"):
    with rendering_disabled():
        response = client.get(url)
    assert response.status_code in (200, 302)
    assert response.status_code == 200 or response.url.startswith("/admin/login/")
    return response.status_code == 200


@pytest.mark.parametrize("kind", PUBLISHERS)
def test_the_session_of_people_who_may_publish_ends_after_an_idle_hour(client, signed_in, clock, kind):
    signed_in(kind)
    clock.now += HOUR - 1
    assert is_signed_in(client)
    clock.now += HOUR
    assert not is_signed_in(client)
    assert not Session.objects.exists()


@pytest.mark.parametrize("kind", OTHERS)
def test_the_session_of_other_people_lasts_while_they_do_nothing(client, signed_in, clock, kind):
    signed_in(kind)
    clock.now += 11 * HOUR
    assert is_signed_in(client)
    clock.now += HOUR
    assert not is_signed_in(client)


@pytest.mark.parametrize("kind", PUBLISHERS + OTHERS)
def test_every_session_ends_twelve_hours_after_sign_in_whatever_somebody_does(client, signed_in, clock, kind):
    signed_in(kind)
    for _ in range(23):
        clock.now += HOUR / 2
        assert is_signed_in(client)
    clock.now += HOUR / 2
    assert not is_signed_in(client)


def ping(client):
    event = factories.make_event()
    user = User.objects.get(pk=client.session[SESSION_KEY])
    session = EditingSession.objects.create(
        user=user,
        content_object=event,
        last_seen_at=event.latest_revision_created_at or event.first_published_at,
    )
    url = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", event.pk, session.pk])
    return lambda: client.post(url)


def test_pings_and_lookups_do_not_keep_a_session_alive(client, signed_in, clock):
    signed_in("Moderators")
    send_ping = ping(client)
    date = reverse("read_date")
    for _ in range(11):
        clock.now += 5 * MINUTE
        assert send_ping().status_code == 200
        assert client.get(date, {"text": "2016"}).status_code == 200
    clock.now += 5 * MINUTE
    assert send_ping().status_code == 302
    assert not is_signed_in(client)


def test_saving_keeps_a_session_alive(client, signed_in, clock):
    signed_in("Moderators")
    event = factories.make_event()
    for _ in range(4):
        clock.now += HOUR - MINUTE
        # An autosave with errors, which is somebody's typing, too.
        response = client.post(
            f"/admin/pages/{event.pk}/edit/", {"title": ""}, headers={"Accept": "application/json"}
        )
        assert response.status_code in (200, 400)
    assert is_signed_in(client)


def test_the_automatic_requests_exist():
    """Wagtail has renamed or removed a view: look up what its scripts request now."""
    found = set()

    def collect(patterns):
        for pattern in patterns:
            collect(getattr(pattern, "url_patterns", []))
            found.add(getattr(pattern, "name", None))

    collect(get_resolver().url_patterns)
    assert found >= sessions.AUTOMATIC


def test_a_session_is_written_at_most_once_a_minute(client, signed_in, clock):
    signed_in("Moderators")
    writes = []
    for _ in range(60):
        clock.now += 5
        with CaptureQueriesContext(connection) as queries:
            assert is_signed_in(client, "/admin/help/")
        writes += [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(writes) == 5
    assert all("django_session" in query["sql"] for query in writes)


def test_after_the_end_a_public_page_is_shown_as_to_everybody(client, signed_in, clock):
    page = factories.make_event()
    signed_in("Moderators")
    clock.now += HOUR
    response = client.get(page.url)
    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated


def test_a_session_from_before_the_upgrade_starts_with_the_next_request(client, signed_in, clock):
    signed_in("Moderators")
    session = client.session
    for name in (sessions.SIGNED_IN, sessions.ACTED):
        del session[name]
    session.save()
    assert is_signed_in(client)
    clock.now += HOUR
    assert not is_signed_in(client)


def test_signing_in_again_starts_a_new_session(client, clock):
    User.objects.create_superuser("root", password="a long password")
    for remember in ({"remember": "on"}, {}):
        client.post("/admin/login/", {"username": "root", "password": "a long password"} | remember)
        assert is_signed_in(client)
        clock.now += 30 * MINUTE
        assert is_signed_in(client)
        clock.now += HOUR
        assert not is_signed_in(client)


def test_visitors_get_no_session(client, clock):
    page = factories.make_event()
    response = client.get(page.url)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_does_not_sign_out(client, signed_in, method):
    signed_in("Editors")
    assert getattr(client, method)("/admin/logout/").status_code == 405
    assert is_signed_in(client)
