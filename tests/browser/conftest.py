"""Sites for browser tests: ours, and a partner's."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from pytest_django.live_server_helper import LiveServer

from tests.support import factories
from tests.support.live_site import default_site
from tests.support.snapshots import make_once, restore
from tests.support.waiting import wait_until


@pytest.fixture(scope="session")
def server(django_db_setup):
    """Serve the site in threads of this process."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def db(snapshots, django_db_blocker):
    """Open the database to the test and the server. Unlike in pytest-django, there is no transaction."""
    busy = set()

    def started(**kwargs):
        busy.add(threading.current_thread())

    def finished(**kwargs):
        busy.discard(threading.current_thread())

    request_started.connect(started)
    request_finished.connect(finished)
    with django_db_blocker.unblock():
        yield
        # Late requests of windows that are closed now must not change the database of the next test.
        wait_until(lambda: not any(thread.is_alive() for thread in busy.copy()))
        restore(snapshots["migrated"])


@pytest.fixture
def browser(db, browser):
    """Close the windows of a test before its database is restored."""
    return browser


@pytest.fixture
def site(db, server, snapshots):
    """Create a site with some content, at the test server's URL."""

    def make():
        default_site(server)
        concern, partner = (
            factories.make_concern(title="People are not diverted"),
            factories.make_partner(title="SWAN"),
        )
        factories.make_event(title="The pilot launches", date="2017-11-29", concerns=[concern])
        factories.make_event(title="Protest at City Hall", date="2016-11-18", partners=[partner])
        factories.make_contact()

    make_once(snapshots, "site", make)
    return server.url


@pytest.fixture
def partner():
    """
    A site with another origin: `partner.serve(html, policy)` returns the URL of a page.

    Pages are served with the given Content Security Policy.
    """
    pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            html, policy = pages.get(self.path, ("", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Partner:
        origin = f"http://127.0.0.1:{server.server_port}"

        def serve(self, html, policy="default-src 'none'"):
            path = f"/{len(pages)}"
            pages[path] = (f"<!DOCTYPE html><html lang=en><title>Partner</title>{html}", policy)
            return self.origin + path

    yield Partner()
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Admin:
    """The starter content, and one user in each group, named after the group."""

    url: str

    PASSWORD = "a long password"

    def sign_in(self, page, group):
        """Sign in as the member of a group, and open the admin's first screen."""
        page.goto(f"{self.url}/admin/login/")
        page.get_by_label("Username").fill(group.lower())
        page.get_by_label("Password").fill(self.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/admin/")


@pytest.fixture
def admin(db, server, snapshots, django_user_model):
    def make():
        make_once(snapshots, "starter content", lambda: call_command("load_starter_content", verbosity=0))
        default_site(server)
        for name in ("Contributors", "Editors", "Moderators"):
            user = django_user_model.objects.create_user(name.lower(), password=Admin.PASSWORD)
            user.groups.add(Group.objects.get(name=name))

    make_once(snapshots, "admin", make)
    return Admin(server.url)
