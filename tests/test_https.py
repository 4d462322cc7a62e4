"""Attacks on a served site with an https address: on cached pages, and on cookies."""

import json
import re
from http.client import HTTPConnection
from itertools import product
from urllib.parse import urlencode

import pytest

from tests.support.copies import CopiedSite

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

CONTENT = """
import json
from wagtail.models import PageViewRestriction
from home.models import User
from tests.support import factories
from tests.support.pages import make_neighbors
from tests.support.second_factor import set_up
event = make_neighbors()
private = factories.make_standard_page(title="With a password")
restriction = PageViewRestriction(page=private, restriction_type="password", password="open sesame")
restriction.save()
gate = f"/_util/authenticate_with_password/{restriction.pk}/{private.pk}/"
_app, codes = set_up(User.objects.create_superuser("anna", "anna@example.org", "a long password"))
print(json.dumps([event.url, private.url, gate, codes[0]]))
"""
HOST = "leadwatch.test"


class Site(CopiedSite):
    def __init__(self, folder):
        super().__init__(folder, BASE_URL=f"https://{HOST}", ALLOWED_HOSTS=HOST, TRUSTED_PROXIES="1")
        self.event, self.private, self.gate, self.code = json.loads(self.run(CONTENT).splitlines()[-1])
        self.start("--log-level=critical")

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def ask(self, path, *headers, method="GET", host=HOST, form=None):
        """Send a request as the proxy does, with further headers of the visitor's."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        body = urlencode(form or {}).encode()
        own = [("Host", host), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "198.51.100.9")]
        if form:
            own += [("Content-Length", len(body)), ("Content-Type", "application/x-www-form-urlencoded")]
            own += [("Origin", f"https://{HOST}"), ("Referer", f"https://{HOST}{path}")]
        for name, value in [*own, *headers]:
            connection.putheader(name, str(value))
        connection.endheaders(body)
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response


@pytest.fixture(scope="module")
def site(copy_site):
    site = copy_site(Site)
    yield site
    site.stop()


HEADERS = [
    *(
        ("SCRIPT_NAME", "/timeline"),
        ("SCRIPT_NAME", "/evil"),
        ("PATH_INFO", "/evil/"),
        ("Script-Name", "/evil"),
    ),
    *((name, "evil.example") for name in ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded")),
    *((name, "/evil/") for name in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "Referer")),
    *(("X-Forwarded-Port", "666"), ("X-Forwarded-Scheme", "http"), ("X-HTTP-Method-Override", "DELETE")),
    *(("Accept", "application/evil"), ("Accept-Language", "es"), ("X-Requested-With", "XMLHttpRequest")),
    *(("Range", "bytes=0-9"), ("If-None-Match", "*"), ("If-Match", '"evil"'), ("Accept-Encoding", "evil")),
    *(("Cookie", "__Host-messages=evil"), ("Cookie", "__Host-sessionid=evilevil"), ("Cookie", "evil=1")),
    ("Cookie", "__Host-csrftoken=" + "a" * 32),
]
HOSTS = [HOST.upper(), f"{HOST}:443", f"{HOST}:8443", f"{HOST}:0", f"{HOST}:99999", f"{HOST}.", f"{HOST}:"]
PATHS = [
    "/{}",
    "{}?",
    "{}?evil",
    "{}?lang=es",
    "{}?utm_source=evil",
    "{}%00",
    "{};evil",
    "{}evil.css",
    "/es{}",
]


def attacks_on(path):
    yield from ({"path": path, "headers": [header]} for header in HEADERS)
    yield from ({"path": path, "host": host} for host in HOSTS)
    yield from ({"path": odd.format(path)} for odd in PATHS)
    yield from ({"path": path, "method": method} for method in ("HEAD", "OPTIONS", "PURGE", "POST"))
    yield {"path": re.sub("([a-z])", lambda found: f"%{ord(found[0]):x}", path)}


def ask(site, path, headers=(), **options):
    return site.ask(path, *headers, **options)


def test_no_request_changes_what_others_get(site):
    """Neither before the page is cached nor after."""
    shift = {"path": "/timeline/", "headers": [("SCRIPT_NAME", "/timeline")]}
    for path, attacks in ((site.event, [*attacks_on(site.event)]), ("/timeline/", [shift])):
        expected = site.ask(path).content
        for attack, is_cached in product(attacks, (False, True)):
            if not is_cached:
                for entry in site.folder.glob("cache/*.djcache"):
                    entry.unlink()
            assert ask(site, **attack).status < 500, attack
            visit = site.ask(path)
            assert (visit.status, visit.content) == (200, expected), attack
            assert b"evil" not in visit.content
            assert "evil" not in str(visit.getheaders())


class Browser:
    """Somebody's cookies, and all headers that set some."""

    def __init__(self, site):
        self.site, self.cookies, self.seen = site, {}, []

    def ask(self, path, form=None):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        response = self.site.ask(
            path, *([("Cookie", cookies)] if cookies else []), form=form, method="POST" if form else "GET"
        )
        for header in response.msg.get_all("Set-Cookie", []):
            name, value = header.partition(";")[0].split("=", 1)
            self.seen.append(header)
            self.cookies[name] = value.strip('"')
            if "Max-Age=0" in header:
                del self.cookies[name]
        return response

    def send(self, path, shown_at=None, **form):
        page = self.ask(shown_at or path).content.decode()
        token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', page)[1]
        return self.ask(path, {"csrfmiddlewaretoken": token, **form})


def test_every_cookie_is_for_this_host_and_https_alone(site):
    browser = Browser(site)
    assert browser.send("/admin/password_reset/", email="nobody@example.org").status == 302
    asked = browser.ask(site.private)
    assert b"csrfmiddlewaretoken" in asked.content
    browser.send(site.gate, site.private, password="open sesame", return_url=site.private)
    opened = browser.ask(site.private)
    assert b"csrfmiddlewaretoken" not in opened.content
    assert "no-store" in opened.getheader("Cache-Control")
    stranger = dict(browser.cookies)
    browser.send("/admin/login/", username="anna", password="a long password")
    half = dict(browser.cookies)
    browser.send("/admin/second-factor/", code=site.code)
    whole = dict(browser.cookies)
    assert browser.ask("/admin/").status == 200
    # The key changes with each step, so one that somebody made up or found earlier is of no use.
    assert len({cookies["__Host-sessionid"] for cookies in (stranger, half, whole)}) == 3
    for path in (site.event, site.private, "/timeline/", "/search/?q=event", "/feed/", "/nothing/", "/es/"):
        assert "no-store" in browser.ask(path).getheader("Cache-Control"), path
    browser.send("/admin/logout/", "/admin/account/", a="b")
    assert b"signed out" in browser.ask("/admin/login/").content
    for old in (stranger, half, whole):
        browser.cookies = old
        assert browser.ask("/admin/").status == 302
    names = {header.partition("=")[0] for header in browser.seen}
    assert names == {"__Host-sessionid", "__Host-csrftoken", "__Host-messages"}
    for header, part in product(browser.seen, ("Secure", "Path=/", "SameSite=Lax")):
        assert part in header.split("; ")
        assert "Domain" not in header
        assert "HttpOnly" in header or "Max-Age=0" in header
        assert int((re.search(r"Max-Age=(\d+)", header) or [0, 0])[1]) <= 12 * 3600
