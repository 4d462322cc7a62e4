"""
Each page that a visitor can reach has "Exit this page", in the language of the page. Only the embed has none.

tests/browser/test_exit.py checks what the button does.
"""

import re
from functools import partial

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseGone
from django.test import Client, RequestFactory
from django.utils.translation import get_language_from_path
from wagtail.models import Locale

from home.models import SiteSettings, User
from leadwatch import views
from tests.support import factories
from tests.support.permissions.addresses import CLOSED, OPEN, every_address
from tests.support.routes import PublicSite, translate

pytestmark = pytest.mark.django_db

AWAY = "https://www.weather.gov/"
NAMES = {"en": "Emergency Exit this page", "es": "Emergencia Salir de esta página"}
FORM = "application/x-www-form-urlencoded"
# Errors by status, in both languages. Any view may raise them, or return a response without text.
ERRORS = {
    400: SuspiciousOperation("a secret"),
    403: PermissionDenied("a secret"),
    404: Http404("a secret"),
    405: partial(HttpResponse, status=405),
    410: HttpResponseGone,
    413: RequestDataTooBig("a secret"),
    418: partial(HttpResponse, status=418),
    429: partial(HttpResponse, status=429),
    500: ValueError("a secret"),
    502: partial(HttpResponse, status=502),
    503: OperationalError("a secret"),
}


def is_page(response):
    """Return whether a browser shows the response as a page of ours."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not 300 <= response.status_code < 400


def problem(response, language="en"):
    """Describe what is wrong with the button of a page; None if nothing is."""
    html = BeautifulSoup(response.content, "html.parser")
    button = html.select_one("[data-exit] a[data-exit-link][href]")
    if not button:
        return "no button"
    if button["href"] != AWAY or button["rel"] != ["nofollow", "noreferrer"]:
        return f"the button is {button}"
    if " ".join(button.text.split()) != NAMES[language]:
        return f"the button says {button.text.strip()!r}"
    if html.html["lang"] != language:
        return f"the language is {html.html['lang']}"
    if not html.select_one("script[type=module][src*='js/exit_page']"):
        return "no script"
    if not html.select_one("link[rel=stylesheet][href*='css/site'], link[href*='site_admin/exit_button']"):
        return "no styles"
    return None


def test_each_page_has_the_button():
    site = PublicSite()
    client, addresses, pages = Client(), site.addresses(), {*site.pages()}
    in_spanish = [f"/es{address}" for address in addresses if not address.startswith("/es/")]
    found, embeds = {}, 0
    for address in [*addresses, *in_spanish]:
        for method in ("get",) if address in pages else ("get", "post", "delete"):
            response = getattr(client, method)(address)
            if address.endswith("/embed/") and response.status_code == 200:
                embeds += 1
                assert b"data-exit" not in response.content
            elif is_page(response):
                why = problem(response, get_language_from_path(address) or "en")
                found[f"{method} {address} {response.status_code}"] = why
    assert {what: why for what, why in found.items() if why} == {}
    assert embeds
    assert len(found) > 80


def test_each_page_of_the_admin_that_is_open_to_everybody_has_the_button():
    """All others lead to the login form, as tests/permissions/test_table.py checks."""
    factories.make_home()
    client, seen = Client(), []
    for address in every_address():
        for method in ("get", "post") if address.path in OPEN + CLOSED else ():
            response = getattr(client, method)(address.url(None, "N"))
            if is_page(response):
                seen.append(address.path)
                assert problem(response) is None, f"{method} {address.path}"
    assert {"login/", "password_reset/", "password_reset/done/", "password_reset/complete/"} < {*seen}


def test_a_link_for_a_new_password_has_the_button_whether_it_is_valid_or_not(client, mailoutbox):
    User.objects.create_user("reader", "reader@example.org", "a long password")
    client.post("/admin/password_reset/", {"email": "reader@example.org"})
    assert problem(client.get("/admin/password_reset/confirm/MQ/wrong/")) is None
    address = client.get(re.search(r"/admin/password_reset/confirm/\S+", mailoutbox[0].body)[0]).url
    response = client.get(address)
    assert response.context["validlink"]
    assert problem(response) is None
    assert problem(client.post(address, {"new_password1": "a", "new_password2": "b"})) is None


def test_who_signed_in_but_may_not_enter_the_admin_has_the_button(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    assert problem(client.get("/admin/login/")) is None


def test_signed_in_editors_have_no_button_in_the_admin(admin_client):
    factories.make_home()
    assert b"data-exit" not in admin_client.get("/admin/").content


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("status", ERRORS)
def test_each_error_has_a_page_with_the_button(monkeypatch, status, language):
    def fail(*args, **kwargs):
        if isinstance(ERRORS[status], Exception):
            raise ERRORS[status]
        return ERRORS[status]()

    page = translate(factories.make_standard_page(), Locale.objects.get_or_create(language_code=language)[0])
    monkeypatch.setattr(type(page), "serve", fail)
    response = Client(raise_request_exception=False).get(page.url)
    assert response.status_code == status
    assert problem(response, language) is None
    assert b"a secret" not in response.content


@pytest.mark.parametrize("language", ["en", "es"])
def test_errors_before_any_view_have_the_button(settings, language):
    settings.ALLOWED_HOSTS = ["testserver"]
    page = translate(factories.make_standard_page(), Locale.objects.get_or_create(language_code=language)[0])
    client = Client(enforce_csrf_checks=True)
    start = page.url.partition(page.slug)[0]
    responses = {
        "another host": client.get(page.url, headers={"host": "evil.example"}),
        "a character that no path has": client.get(f"{start}%00/"),
        "no such page": client.get(f"{start}nothing/here/"),
        "no token": client.post(f"{start}_util/login/"),
        "too many fields": client.post(f"{start}_util/login/", "&".join(["a=1"] * 10_001), FORM),
        "too large": client.post(f"{start}_util/login/", "a=" + "b" * 6_000_000, FORM),
    }
    assert {name: problem(response, language) for name, response in responses.items()} == dict.fromkeys(
        responses
    )
    assert [response.status_code for response in responses.values()] == [400, 404, 404, 403, 400, 413]


def test_the_page_for_a_missing_page_falls_back_to_that_for_a_missing_database(monkeypatch):
    factories.make_home()

    def fail(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("home.addresses.sections.pages_of_sections", fail)
    response = Client(raise_request_exception=False).get("/nothing/")
    assert response.status_code == 503
    assert problem(response) is None


def test_the_last_words_of_a_broken_site_contain_the_link_in_both_languages(monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("a secret")

    monkeypatch.setattr(views, "render", fail)
    html = BeautifulSoup(views.error_page(RequestFactory().get("/"), 500).content, "html.parser")
    links = {link.text: (link["href"], link["rel"]) for link in html.select("a")}
    away = (AWAY, ["nofollow", "noreferrer"])
    assert links == {"Exit this page": away, "Salir de esta página": away}


def test_the_button_leads_where_the_settings_say():
    settings = SiteSettings.load()
    settings.exit_url = "https://news.example/"
    settings.save()
    for address in ("/search/", "/nothing/", "/_util/login/", "/admin/login/"):
        html = BeautifulSoup(Client().get(address).content, "html.parser")
        assert {link["href"] for link in html.select("[data-exit-link]")} == {"https://news.example/"}
