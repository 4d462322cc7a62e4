"""Other sites are asked at public addresses only, in bounds of size and time."""

import socket
import time

import pytest

from home import fetching
from home.fetching import FetchError, Reason, fetch, is_public


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
        *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"),
        # Those of IPv4 that a gateway would make of them.
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "::a9fe:a9fe", "2001:0:1::1"),
    ],
)
def test_no_address_within_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_an_address_of_the_world_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a", "http://2130706433/a"),
        *("file:///etc/passwd", "ftp://example.org/a", "http://user@127.0.0.1/", "http://", "x", "http://["),
        *("", "http://127.0.0.1:99999/", "http://@127.0.0.1/", "http://a..b/", f"http://{'a' * 70}.example/"),
    ],
)
def test_nothing_within_is_ever_asked(monkeypatch, url):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("Something was asked"))
    with pytest.raises(FetchError):
        fetch(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(FetchError, match="public"):
        fetch("http://example.org/a")


@pytest.mark.parametrize(
    ("number", "reason"), [(socket.EAI_NONAME, Reason.NO_SITE), (socket.EAI_AGAIN, Reason.NETWORK)]
)
def test_a_name_that_is_not_there_is_another_thing_than_a_network_that_is_not(monkeypatch, number, reason):
    def find(*args, **kwargs):
        raise socket.gaierror(number, "")

    monkeypatch.setattr(socket, "getaddrinfo", find)
    with pytest.raises(FetchError) as refusal:
        fetch("http://example.org/")
    assert refusal.value.reason == reason


def test_a_page_is_asked_by_the_name_of_its_site_and_told_who_asks(other_site, settings):
    other_site.pages |= {"/a?x=1": b"content", "/old": "/a?x=1"}
    assert fetch(f"{other_site.url}/a?x=1#part", largest=10).content == b"content"
    assert fetch(f"{other_site.url}/old", largest=10).content == b"content"
    assert {headers["Host"] for _method, _path, headers in other_site.asked} == {
        other_site.url.removeprefix("http://")
    }
    assert settings.BASE_URL in other_site.asked[0][2]["User-Agent"]


def test_a_name_in_other_letters_is_asked_as_the_net_writes_it(other_site):
    other_site.pages["/d%C3%ADa"] = b"x"
    port = other_site.server_port
    assert fetch(f"http://ejémplo.example:{port}/día").status == 200
    assert other_site.asked[0][2]["Host"] == f"xn--ejmplo-cva.example:{port}"


def test_each_hop_is_looked_at_again(other_site):
    inside = f"http://other.example:{other_site.server_port}"
    other_site.pages |= {
        "/in": "file:///etc/passwd",
        "/loop": "/loop",
        "/bad": "http://[",
        "/on": f"{inside}/x",
    }
    for path, reason in (("/in", Reason.ADDRESS), ("/loop", Reason.LOOP), ("/bad", Reason.ADDRESS)):
        with pytest.raises(FetchError) as refusal:
            fetch(other_site.url + path)
        assert refusal.value.reason == reason
    seen = []
    fetch(f"{other_site.url}/on", before_hop=seen.append)
    assert seen == [f"{other_site.url}/on", f"{inside}/x"]


def test_a_hop_that_leads_within_is_refused(other_site, monkeypatch):
    other_site.pages["/on"] = "http://169.254.169.254/latest/meta-data/"
    find = socket.getaddrinfo

    def find_each(host, port, *args, **kwargs):
        if host[0].isdigit():
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        return find(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", find_each)
    with pytest.raises(FetchError, match="public"):
        fetch(f"{other_site.url}/on")


@pytest.mark.parametrize(
    ("pages", "moved_to"),
    [
        ({"/a": (301, {"Location": "/b"}), "/b": (308, {"Location": "/c"}), "/c": b""}, "/c"),
        ({"/a": (301, {"Location": "/b"}), "/b": (302, {"Location": "/c"}), "/c": b""}, ""),
        ({"/a": (302, {"Location": "/b"}), "/b": (301, {"Location": "/c"}), "/c": b""}, ""),
        ({"/a": b""}, ""),
    ],
)
def test_a_page_has_moved_if_it_says_so_at_each_hop(other_site, pages, moved_to):
    other_site.pages |= pages
    expected = other_site.url + moved_to if moved_to else ""
    assert fetch(f"{other_site.url}/a").moved_to == expected


def test_what_is_too_large_is_left(other_site):
    other_site.pages["/a"] = b"123456"
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{other_site.url}/a", largest=5)
    assert fetch(f"{other_site.url}/a").content == b""


def test_a_site_that_speaks_one_letter_at_a_time_is_cut(other_site):
    def drip(file):
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100:
            file.write(bytes([letter]))
            time.sleep(0.05)

    other_site.pages["/a"] = drip
    begun = time.monotonic()
    with pytest.raises(FetchError) as refusal:
        fetch(f"{other_site.url}/a", seconds=0.5)
    assert refusal.value.reason == Reason.SLOW
    assert time.monotonic() - begun < 2


def test_a_site_that_does_not_listen_does_not_answer(other_site):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError) as refusal:
        fetch(f"http://other.example:{port}/")
    assert refusal.value.reason == Reason.SILENT


def test_a_site_that_hangs_up_breaks_the_connection(other_site):
    other_site.pages["/a"] = lambda file: None
    with pytest.raises(FetchError) as refusal:
        fetch(f"{other_site.url}/a")
    assert refusal.value.reason == Reason.BROKEN


def test_a_certificate_that_nobody_vouches_for_is_not_valid(other_site, monkeypatch):
    error = fetching.urllib3.exceptions.SSLError("certificate verify failed")
    monkeypatch.setattr(
        fetching.urllib3.HTTPSConnectionPool, "urlopen", lambda *a, **k: (_ for _ in ()).throw(error)
    )
    with pytest.raises(FetchError) as refusal:
        fetch("https://other.example/")
    assert refusal.value.reason == Reason.CERTIFICATE
