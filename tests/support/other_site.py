"""Other sites, on this machine, for tests of what asks them."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from home.external_links import public_addresses


class OtherSite(ThreadingHTTPServer):
    """
    A site that answers with what stands in `pages` by path: bytes are a page, a number is a status, a text
    a redirect, a pair of a status and headers itself; a function writes to the connection by itself.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {}
        self.asked = []
        self.url = f"http://other.example:{self.server_port}"

    @property
    def paths(self):
        return [f"{method} {path}" for method, path, _headers in self.asked]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        found = self.server.pages.get(f"{self.command} {self.path}", self.server.pages.get(self.path, 404))
        if callable(found):
            found(self.wfile)
            return
        if isinstance(found, str):
            found = 302, {"Location": found}
        if isinstance(found, int):
            found = found, {}
        status, headers = (200, {}) if isinstance(found, bytes) else found
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if isinstance(found, bytes) and self.command == "GET":
            self.wfile.write(found)

    do_HEAD = do_GET

    def log_message(self, *args):
        pass


@pytest.fixture
def other_site(monkeypatch):
    """A site elsewhere, in a world in which this machine is a public address of every name."""
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *args, **kw: [(*here, ("127.0.0.1", port))])
    monkeypatch.setattr(public_addresses, "is_public", lambda address: address == "127.0.0.1")
    site = OtherSite()
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()
