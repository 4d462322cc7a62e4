"""Requests go only to public addresses, and are limited in size and time."""

import os
import socket
import threading
import time
from contextlib import suppress

import pytest

from home.external_links import fetching
from home.external_links.fetching import FetchError, Reason, fetch
from home.external_links.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
        *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"),
        # IPv6 addresses that embed a private IPv4 address.
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "::a9fe:a9fe", "2001:0:1::1"),
        *("::127.0.0.1", "::ffff:0:10.0.0.1", "2600::5efe:a00:1", "2600::200:5efe:10.0.0.1"),
        # The first and last addresses of the special-purpose ranges of IANA.
        *("0.255.255.255", "100.127.255.255", "127.255.255.255", "172.31.255.255", "169.254.0.1"),
        *("192.0.0.0", "192.0.0.1", "192.0.0.9", "192.0.0.170", "192.0.0.255", "192.0.2.1", "192.88.99.1"),
        *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "239.255.255.255"),
        *("240.0.0.1", "255.255.255.255", "::", "100::1", "100:0:0:1::1", "2001:1::1", "2001:2::1"),
        *("2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1", "2002:5db8:d70e::1", "3fff::1"),
        *("3fff:fff::1", "5f00::1", "fdff::1", "febf::1", "fec0::1", "feff::1", "4000::1", "1fff::1"),
    ],
)
def test_private_and_reserved_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"),
        # The neighbors of reserved ranges.
        *("1.0.0.0", "100.128.0.0", "172.32.0.1", "192.0.1.1", "192.88.98.1", "198.20.0.1", "223.255.255.1"),
        *("2001:200::1", "2001:db9::1", "2003::1", "2600::1:5efe:0:1", "::ffff:93.184.215.14"),
    ],
)
def test_global_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/a", "http://localhost/a", "http://[::1]/a", "http://2130706433/a"),
        *("file:///etc/passwd", "ftp://example.org/a", "http://user@127.0.0.1/", "http://", "x", "http://["),
        *("http://127.1/", "http://0/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/"),
        *("http://0177.0.0.1/", "http://127.0.0.1.:80/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/"),
        *("http://0251.0376.0251.0376/", "http://0xa9fea9fe/", "http://2852039166/", "http://localhost./"),
        *(
            "http://[::]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]/",
            "http://[fe80::1%lo]/",
        ),
        *("http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[fd00:ec2::254]/"),
        *(
            "http://127.0.0.1\\@example.org/",
            "http://127.0.0.1#@example.org/",
            "http://\t127.0.0.1/",
            "//127.0.0.1/",
        ),
        *("http://127.0.0.1:22/", "http:127.0.0.1", "gopher://127.0.0.1:70/_x", "jar:http://127.0.0.1!/"),
        *("", "http://127.0.0.1:99999/", "http://@127.0.0.1/", "http://a..b/", f"http://{'a' * 70}.example/"),
    ],
)
def test_private_addresses_are_never_requested(monkeypatch, url):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("A request was sent"))
    with pytest.raises(FetchError):
        fetch(url)


def test_one_private_address_of_a_host_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(FetchError, match="public"):
        fetch("http://example.org/a")


def test_a_name_that_changes_its_address_leads_nowhere_else(monkeypatch):
    """DNS rebinding: the second answer would be private."""
    answers, requested = ["93.184.215.14", "127.0.0.1", "127.0.0.1"], []

    def connect(_socket, address):
        requested.append(address)
        raise OSError

    def find(*args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), 80))]

    find_number = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **kwargs: (find if host == "a.example" else find_number)(host, *args, **kwargs),
    )
    with pytest.raises(FetchError):
        fetch("http://a.example/")
    assert requested == [("93.184.215.14", 80)]
    assert len(answers) == 2


@pytest.mark.parametrize(
    ("number", "reason"), [(socket.EAI_NONAME, Reason.NO_SITE), (socket.EAI_AGAIN, Reason.NETWORK)]
)
def test_an_unknown_host_differs_from_an_unreachable_name_server(monkeypatch, number, reason):
    def find(*args, **kwargs):
        raise socket.gaierror(number, "")

    monkeypatch.setattr(socket, "getaddrinfo", find)
    with pytest.raises(FetchError) as refusal:
        fetch("http://example.org/")
    assert refusal.value.reason == reason


def test_requests_have_host_and_user_agent(other_site, settings):
    other_site.pages |= {"/a?x=1": b"content", "/old": "/a?x=1"}
    assert fetch(f"{other_site.url}/a?x=1#part", largest=10).content == b"content"
    assert fetch(f"{other_site.url}/old", largest=10).content == b"content"
    assert {headers["Host"] for _method, _path, headers in other_site.asked} == {
        other_site.url.removeprefix("http://")
    }
    assert settings.BASE_URL in other_site.asked[0][2]["User-Agent"]


def test_international_host_names_are_encoded(other_site):
    other_site.pages["/d%C3%ADa"] = b"x"
    port = other_site.server_port
    assert fetch(f"http://ejémplo.example:{port}/día").status == 200
    assert other_site.asked[0][2]["Host"] == f"xn--ejmplo-cva.example:{port}"


def test_each_hop_is_checked(other_site):
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


def test_a_redirect_to_a_private_address_is_refused(other_site, monkeypatch):
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
def test_a_page_has_moved_if_every_redirect_is_permanent(other_site, pages, moved_to):
    other_site.pages |= pages
    expected = other_site.url + moved_to if moved_to else ""
    assert fetch(f"{other_site.url}/a").moved_to == expected


def test_large_content_is_refused(other_site):
    other_site.pages["/a"] = b"123456"
    with pytest.raises(FetchError, match="too large"):
        fetch(f"{other_site.url}/a", largest=5)
    assert fetch(f"{other_site.url}/a").content == b""


# The time limit, and the most that a request may take on a slow machine. Without a limit, each of these sites
# would take at least 20 s. Both in seconds.
TIME_LIMIT = 0.2
TOLERANCE = 10


def one_by_one(start, letters=b"x"):
    """Return a site that sends the start at once, and then a letter every 0.1 seconds."""

    def drip(file):
        with suppress(OSError):
            file.write(start)
            for letter in letters * (200 // len(letters)):
                file.write(bytes([letter]))
                time.sleep(0.1)

    return drip


STATUS = b"HTTP/1.1 200 OK\r\n"
SLOW_SITES = {
    "status": one_by_one(b"HTTP/1.1 2"),
    "header": one_by_one(STATUS + b"X: "),
    "many headers": one_by_one(STATUS, b"a: b\r\n"),
    "continue": one_by_one(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "content": one_by_one(STATUS + b"Content-Length: 1000\r\n\r\n"),
    "content without a length": one_by_one(STATUS + b"\r\n"),
    "content without an end": one_by_one(STATUS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk without an end": one_by_one(STATUS + b"Transfer-Encoding: chunked\r\n\r\n1;"),
}


@pytest.fixture
def in_time():
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < TOLERANCE


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("site", SLOW_SITES)
def test_a_slow_response_is_cut_off(other_site, site):
    other_site.pages["/a"] = SLOW_SITES[site]
    with pytest.raises(FetchError) as refusal:
        fetch(f"{other_site.url}/a", seconds=TIME_LIMIT, largest=1000)
    assert refusal.value.reason == Reason.SLOW


@pytest.mark.usefixtures("in_time")
def test_a_slow_tls_handshake_is_cut_off(other_site):
    hello = b"\x16\x03\x03\x40\x00"  # A TLS record of 16,384 bytes.
    site = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            one_by_one(hello, b"\x02")(site.accept()[0].makefile("wb", buffering=0))

    threading.Thread(target=serve, daemon=True).start()
    with site, pytest.raises(FetchError) as refusal:
        fetch(f"https://other.example:{site.getsockname()[1]}/", seconds=TIME_LIMIT)
    assert refusal.value.reason == Reason.SLOW


@pytest.mark.usefixtures("in_time")
def test_redirects_count_towards_the_time_limit(other_site):
    other_site.pages["/a"] = "/b"
    other_site.pages["/b"] = SLOW_SITES["header"]
    with pytest.raises(FetchError) as refusal:
        fetch(f"{other_site.url}/a", seconds=TIME_LIMIT)
    assert refusal.value.reason == Reason.SLOW


@pytest.mark.usefixtures("in_time")
def test_a_slow_name_lookup_is_abandoned(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(20))
    with pytest.raises(FetchError) as refusal:
        fetch("http://other.example/a", seconds=TIME_LIMIT)
    assert refusal.value.reason == Reason.SLOW


def test_nothing_is_requested_without_time(other_site):
    with pytest.raises(FetchError) as refusal:
        fetch(other_site.url, seconds=-1)
    assert refusal.value.reason == Reason.SLOW
    assert other_site.asked == []


def pending_timers():
    """Return the running timers. The thread of a canceled timer can take a moment to end."""
    threads = threading.enumerate()
    return [each for each in threads if isinstance(each, threading.Timer) and not each.finished.is_set()]


def test_no_thread_or_socket_is_left_open(other_site):
    other_site.pages["/a"] = b"content"
    timers = pending_timers()
    files = len(os.listdir("/dev/fd"))
    for _time in range(3):
        fetch(f"{other_site.url}/a", largest=10)
    assert pending_timers() == timers
    assert len(os.listdir("/dev/fd")) < files + 3


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


def test_an_untrusted_certificate_is_not_valid(other_site, monkeypatch):
    error = fetching.urllib3.exceptions.SSLError("certificate verify failed")
    monkeypatch.setattr(
        fetching.urllib3.HTTPSConnectionPool, "urlopen", lambda *a, **k: (_ for _ in ()).throw(error)
    )
    with pytest.raises(FetchError) as refusal:
        fetch("https://other.example/")
    assert refusal.value.reason == Reason.CERTIFICATE


@pytest.mark.parametrize("error", [KeyError("x"), UnicodeError(), RecursionError(), MemoryError()])
def test_unexpected_errors_are_logged(other_site, monkeypatch, caplog, error):
    monkeypatch.setattr(
        fetching.urllib3.HTTPConnectionPool, "urlopen", lambda *a, **k: (_ for _ in ()).throw(error)
    )
    with pytest.raises(FetchError) as refusal:
        fetch(other_site.url)
    assert refusal.value.reason == Reason.BROKEN
    assert caplog.records[0].exc_info[1] is error
