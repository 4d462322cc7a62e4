"""Pictures come from public addresses only, in bounds, and are checked as an upload is."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from home.models import SiteImage
from tests import factories
from timeline.exchange import downloads
from timeline.exchange.downloads import DownloadError, Downloads, fetch, is_public


@pytest.fixture
def site():
    """A site that gives out `site.pages`; a number is a status, a text that begins with "/" a redirect."""
    pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages.setdefault("hosts", []).append(self.headers["Host"])
            found = pages.get(self.path, 404)
            self.send_response(found if isinstance(found, int) else 302 if isinstance(found, str) else 200)
            if isinstance(found, str):
                self.send_header("Location", found)
            self.end_headers()
            if isinstance(found, bytes):
                self.wfile.write(found)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.pages = pages
    server.url = f"http://pictures.example:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def reachable(monkeypatch):
    """A world in which this machine is a public address, by the name of the site above."""
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *args, **kw: [(*here, ("127.0.0.1", port))])
    monkeypatch.setattr(downloads, "is_public", lambda address: address == "127.0.0.1")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
        *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"),
    ],
)
def test_no_address_within_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_of_the_world_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/a.png",
            "http://localhost/a.png",
            "http://[::1]/a.png",
            "http://2130706433/a.png",
        ),
        *(
            "file:///etc/passwd",
            "ftp://example.org/a",
            "http://user@127.0.0.1/",
            "http://",
            "x",
            "http://[",
            "",
        ),
        "http://127.0.0.1:99999/",
    ],
)
def test_nothing_within_is_ever_asked(url):
    with pytest.raises(DownloadError):
        fetch(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(DownloadError, match="public"):
        fetch("http://example.org/a.png")


def test_a_file_is_fetched_by_the_name_of_its_site(site, reachable):
    site.pages |= {"/a.png?x=1": b"content", "/old": "/a.png?x=1"}
    assert fetch(f"{site.url}/a.png?x=1#f") == b"content"
    assert fetch(f"{site.url}/old") == b"content"
    assert set(site.pages["hosts"]) == {site.url.removeprefix("http://")}


def test_each_hop_is_looked_at_again(site, reachable):
    site.pages |= {"/in": "file:///etc/passwd", "/loop": "/loop"}
    for path in ("/in", "/loop", "/none"):
        with pytest.raises(DownloadError):
            fetch(site.url + path)


def test_a_file_that_is_too_large_is_left(monkeypatch, site, reachable):
    monkeypatch.setattr(downloads, "LARGEST", 5)
    site.pages["/a"] = b"123456"
    with pytest.raises(DownloadError, match="larger"):
        fetch(f"{site.url}/a")


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"no picture", b""])
def test_what_came_is_checked_like_an_upload(monkeypatch, content):
    monkeypatch.setattr(downloads, "fetch", lambda url: content)
    wanted = Downloads()
    fields = {
        "title": "",
        "alt": "Alt",
        "decorative": False,
        "credit": "",
        "fetched_from": "https://x.example/a.png",
    }
    assert wanted.image("https://x.example/a.png", **fields) is None
    wanted.fetch_all()
    assert wanted.image("https://x.example/a.png", **fields) is None
    assert wanted.problems["https://x.example/a.png"]
    assert not SiteImage.objects.exists()


@pytest.mark.django_db
def test_pictures_have_a_bound_in_number(monkeypatch):
    monkeypatch.setattr(downloads, "MOST", 1)
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    wanted = Downloads()
    wanted.wanted = ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    wanted.fetch_all()
    assert list(wanted.contents) == ["https://x.example/1.jpg"]
    assert list(wanted.problems) == ["https://x.example/2.jpg"]
