"""No header of a request makes the site fail, and each answer has its own headers."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import parse_cookie

from leadwatch.request_headers import clean_headers
from tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stay_connected():
    """The handler of servers closes the connection, and the test's transaction with it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


# Parameters on which Python's or Django's parser fails.
ODD = [
    *("x*=foo''%41", "x*=idna''%41", "x*=undefined''a", "x*=a%00b''x", "x*1=b; x*=c''d"),
    *("charset*=utf-8''a%00b", "charset=base64", "charset=idna", "charset=undefined", "charset=rot13"),
    *("charset=utf-16", "charset=latin-1"),
]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BODY = b'--x\r\nContent-Disposition: form-data; name="username"%s\r\n\r\na%%41\xff\r\n--x--\r\n'


def ask(method, path, query="", body=b"", **headers):
    """Send a request as a server passes it on. Return the status and the headers."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "203.0.113.7"}
    setup_testing_defaults(environ)
    clean_headers(environ)
    found = []
    response = get_wsgi_application()(environ, lambda status, sent: found.extend((status, dict(sent))))
    response.close()
    return int(found[0][:3]), found[1]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", ["text/plain", FORM, PARTS])
def test_no_content_type_makes_the_site_fail(odd, kind):
    contact = factories.make_contact()
    for path in ("/", contact.url, "/search/", "/admin/login/", "/healthz", "/nothing/"):
        assert ask("GET", path, "q=%41", CONTENT_TYPE=f"{kind}; {odd}")[0] in (200, 404)
    for path in (f"/contact-message/{contact.pk}/", "/admin/login/", "/search/"):
        status, _headers = ask("POST", path, "q=%41", BODY % b"", CONTENT_TYPE=f"{kind}; {odd}")
        assert status in (200, 400, 403, 405, 422)


@pytest.mark.parametrize("odd", ODD)
def test_no_header_of_a_part_makes_the_site_fail(odd):
    contact = factories.make_contact()
    for path in (f"/contact-message/{contact.pk}/", "/admin/login/"):
        body = BODY % f"; {odd}".encode()
        assert ask("POST", path, body=body, CONTENT_TYPE=PARTS)[0] in (400, 403, 422)


@pytest.mark.parametrize("odd", ["\\000", "\\012", "\\377", "\\", "\xed\xa0\x80"])
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "\\000"])
def test_no_cookie_makes_the_site_fail(name, odd):
    contact = factories.make_contact()
    for value in (f'"{odd * 12}"', f'"a{odd}aaaaaaaaaaaa"', odd * 12):
        cookie = {"HTTP_COOKIE": f"{name}={value}; {value}"}
        for path in ("/", "/admin/", "/admin/login/", "/admin/second-factor/", "/search/"):
            assert ask("GET", path, **cookie)[0] in (200, 302)
        for path in (f"/contact-message/{contact.pk}/", "/admin/login/"):
            status, _headers = ask("POST", path, body=b"username=a", CONTENT_TYPE=FORM, **cookie)
            assert status in (200, 403, 422)


def test_what_browsers_send_is_kept():
    for value in (PARTS, FORM, "", "application/json", "text/html,application/xml;q=0.9,*/*;q=0.8"):
        environ = {"CONTENT_TYPE": value, "HTTP_ACCEPT": value}
        clean_headers(environ)
        assert set(environ.values()) == {value}
    environ = {"CONTENT_TYPE": f"{FORM}; charset=UTF-8", "HTTP_ACCEPT": "text/html; x*=foo''y, */*;q=0.8"}
    clean_headers(environ)
    assert list(environ.values()) == [FORM, "text/html, */*;q=0.8"]


# What Python strips from the ends of a text, as a server passes it on.
WHITE = [chr(code).encode().decode("latin-1") for code in range(0x3001) if not chr(code).strip()]


@pytest.mark.parametrize("name", ["__Host-sessionid", "__Host-csrftoken"])
def test_no_other_site_of_the_domain_sets_a_cookie_of_ours(name):
    """Browsers check the prefix of the name as it is sent, and Django strips white space."""
    assert len(WHITE) > 25
    for white in set(WHITE) - {" ", "\t"}:
        for made_up in (f"{white}{name}=bad", f"{name}{white}=bad", f"{white}{white}{name}{white}=bad"):
            environ = {"HTTP_COOKIE": f"{made_up}; a=b; {name}=good; {made_up};{made_up}"}
            clean_headers(environ)
            assert parse_cookie(environ["HTTP_COOKIE"]) == {"a": "b", name: "good"}


def test_no_cookie_has_control_characters():
    environ = {"HTTP_COOKIE": r'sessionid="\000\012a\177b"; csrftoken="\000"; messages=a:b-c_d; theme="a b"'}
    clean_headers(environ)
    assert parse_cookie(environ["HTTP_COOKIE"]) == {"messages": "a:b-c_d", "theme": "a b"}


@pytest.mark.parametrize(
    ("query", "headers"),
    [("", {"HTTP_HOST": "evil.example"}), ("a=1&" * 10_001, {})],
)
def test_a_request_that_is_refused_before_any_view_gets_a_policy(settings, query, headers):
    """Also by the cache of public pages, which comes first."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.MIDDLEWARE = ["leadwatch.page_cache.middleware.PublicCacheMiddleware", *settings.MIDDLEWARE]
    contact = factories.make_contact()
    for path in ("/", contact.url, "/feed/", "/sitemap.xml"):
        status, sent = ask("GET", path, query, **headers)
        assert status == 400
        assert "default-src 'none'" in sent["Content-Security-Policy"]
        assert sent["X-Content-Type-Options"] == "nosniff"
