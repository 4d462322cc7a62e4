"""A site for journeys, and another site beside it."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support import factories
from tests.support.live_site import default_site, make_wagtail_basics


@pytest.fixture
def wagtail_basics(transactional_db):
    make_wagtail_basics()


@pytest.fixture
def site(live_server, wagtail_basics):
    """A site with something on it, at the address of the test server."""
    default_site(live_server)
    concern, partner = (
        factories.make_concern(title="People are not diverted"),
        factories.make_partner(title="SWAN"),
    )
    factories.make_event(title="The pilot launches", date="2017-11-29", concerns=[concern])
    factories.make_event(title="Protest at City Hall", date="2016-11-18", partners=[partner])
    factories.make_contact()
    return live_server.url


@pytest.fixture
def partner():
    """
    A site of another origin: `partner.serve(html, policy)` gives the address of a page.

    Its pages are served under the content security policy that is named.
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
    """The site that a new installation begins with, and one person in each group, named by the group."""

    url: str

    PASSWORD = "a long password"

    def sign_in(self, page, group):
        """The admin's first screen, as a member of a group sees it."""
        page.goto(f"{self.url}/admin/login/")
        page.get_by_label("Username").fill(group.lower())
        page.get_by_label("Password").fill(self.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/admin/")


@pytest.fixture
def admin(live_server, wagtail_basics, django_user_model):
    from django.contrib.auth.models import Group
    from django.core.management import call_command

    call_command("load_starter_content", verbosity=0)
    default_site(live_server)
    for name in ("Contributors", "Editors", "Moderators"):
        user = django_user_model.objects.create_user(name.lower(), password=Admin.PASSWORD)
        user.groups.add(Group.objects.get(name=name))
    return Admin(live_server.url)
