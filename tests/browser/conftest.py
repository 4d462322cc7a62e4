"""A site for journeys, and another site beside it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import factories


@pytest.fixture
def site(live_server):
    """A site with something on it, at the address of the test server."""
    from wagtail.models import Collection, Locale, Page

    # A transactional test leaves an empty database; these are what Wagtail's migrations had put there.
    locale, _new = Locale.objects.get_or_create(language_code="en")
    Locale.objects.get_or_create(language_code="es")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root", locale=locale)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    default_site(live_server)
    concern, partner = (
        factories.make_concern(title="People are not diverted"),
        factories.make_partner(title="SWAN"),
    )
    factories.make_event(title="The pilot launches", date="2017-11-29", concerns=[concern])
    factories.make_event(title="Protest at City Hall", date="2016-11-18", partners=[partner])
    factories.make_contact()
    return live_server.url


def default_site(live_server):
    from wagtail.models import Page, Site

    host, _colon, port = live_server.url.removeprefix("http://").partition(":")
    root = Page.objects.get(depth=1)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": host, "port": port, "root_page": Site.objects.first().root_page}
        if Site.objects.exists()
        else {"hostname": host, "port": port, "root_page": root},
    )


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
