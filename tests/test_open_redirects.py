"""No address that a stranger makes up redirects to another site."""

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.models import ExternalLink, User
from tests.support import factories

pytestmark = pytest.mark.django_db

HOME = "http://testserver/"
TARGETS = [
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "http://testserver:80@evil.example/",
    "//testserver\\@evil.example/",
    " //evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "/\r\n/evil.example/",
    "\x00//evil.example/",
    "//evil\u3002example/",
    "ftp://evil.example/",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//[::1]/",
    "//[evil.example/",
]


def stays(response):
    """Return whether a browser would stay on this site."""
    if not response.has_header("Location"):
        return response.status_code in (200, 400, 404)
    # Browsers ignore line breaks and tabs, and read backslashes as slashes.
    address = response["Location"].strip().translate({9: None, 10: None, 13: None, 92: "/"})
    while address.startswith("///"):
        address = address[1:]
    parts = urlsplit(urljoin(HOME, address))
    return parts.scheme in ("http", "https") and parts.netloc == "testserver"


@pytest.mark.parametrize(
    ("address", "is_at_home"),
    [("/about/", True), ("", True), ("/a//b", True), *((target, False) for target in TARGETS[:12])],
)
def test_a_redirect_to_another_site_is_recognized(address, is_at_home):
    assert stays(HttpResponse(status=302, headers={"Location": address})) is is_at_home


@pytest.fixture
def reader(client):
    return User.objects.create_superuser("reader", password="a long password")


def test_signing_in_and_out_stays_here(client, reader):
    for target in TARGETS:
        words = {"username": "reader", "password": "a long password", "next": target}
        assert stays(client.post("/admin/login/", words)), target
        assert client.session.get("_auth_user_id")
        assert stays(client.get("/admin/login/", {"next": target})), target
        assert stays(client.post("/admin/logout/", {"next": target})), target
        assert stays(client.post("/_util/login/", words)), target


def test_the_password_of_a_page_or_a_file_stays_here(client):
    page, file = factories.make_standard_page(), factories.make_file()
    factories.make_document(file=file)
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "open sesame"}
    of_page = PageViewRestriction.objects.create(page=page, **fields)
    of_files = CollectionViewRestriction.objects.create(collection=Collection.get_first_root_node(), **fields)
    gates = [
        reverse("wagtailcore_authenticate_with_password", args=[of_page.pk, page.pk]),
        reverse("wagtaildocs_authenticate_with_password", args=[of_files.pk]),
    ]
    for gate, target in product(gates, TARGETS):
        response = client.post(gate, {"password": "open sesame", "return_url": target})
        assert stays(response), (gate, target)


def test_a_screen_of_the_admin_returns_here(admin_client):
    link = ExternalLink.objects.create(url="https://a.example/", host="a.example")
    event = factories.make_event()
    for target in TARGETS:
        type(event).objects.update(live=True)
        for address in (
            reverse("wagtailadmin_pages:unpublish", args=[event.pk]),
            reverse("wagtailadmin_pages:move", args=[event.pk]),
            reverse("dead_link_archived", args=[link.pk]),
        ):
            assert stays(admin_client.post(address, {"next": target})), (address, target)


def test_a_refusal_in_the_admin_returns_here(admin_client, monkeypatch):
    def refuse(*args, **kwargs):
        raise ProtectedError("It is used.", {1})

    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get", refuse)
    for target in TARGETS:
        assert stays(admin_client.get("/admin/", headers={"referer": target.replace("\r\n", "")})), target


def test_a_path_that_looks_like_an_address_stays_here(client):
    Redirect.add_redirect("/left", factories.make_standard_page(), is_permanent=True)
    client.raise_request_exception = False
    for prefix, target in product(["", "/", "/es", "/admin", "/search", "/left"], TARGETS):
        for path in (prefix + target, prefix + target.rstrip("/")):
            if path.startswith("/"):
                # The path of a URL for the test client cannot begin with two slashes.
                assert stays(client.get("/", PATH_INFO=path.encode().decode("latin-1"))), path


def test_a_moved_page_stays_here_whatever_the_query_string(client):
    Redirect.add_redirect("/left", factories.make_standard_page(), is_permanent=True)
    for target in TARGETS:
        response = client.get("/left/", {"next": target, "url": target})
        assert response.status_code == 301
        assert stays(response), target


@pytest.mark.parametrize("language", ["es//evil.example", "//evil.example", "https://evil.example"])
def test_a_made_up_language_stays_here(client, language):
    timeline = factories.make_timeline()
    assert stays(client.get(f"{timeline.url}embed/", {"lang": language, "event": language}))
    assert stays(client.get(f"/{language}/"))
