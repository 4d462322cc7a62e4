"""Other sites, on this machine, for tests of code that sends requests to them."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from home.external_links import public_addresses


class OtherSite(ThreadingHTTPServer):
    """
    A site with predefined responses in `pages`, by path.

    Bytes are a page, a number is a status, a string is a redirect, a pair is a status with headers, and a
    function writes to the connection itself.
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
    def do_POST(self):
        """Answer with what the page, a function, makes of the content."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        status, answer = self.server.pages[f"POST {self.path}"](content)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

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
    """Another site. All host names resolve to this machine, which counts as a public address."""
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *args, **kw: [(*here, ("127.0.0.1", port))])
    monkeypatch.setattr(public_addresses, "is_public", lambda address: address == "127.0.0.1")
    site = OtherSite()
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()
