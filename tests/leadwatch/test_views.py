import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.utils.dateparse import parse_datetime

from leadwatch import logs, views
from leadwatch.health import problems
from leadwatch.processes import background
from tests.support import factories


def test_the_process_responds_without_a_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_the_site_is_ready_with_all_migrations(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_the_site_is_not_ready_with_a_missing_migration(client, monkeypatch):
    monkeypatch.setattr(problems.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"Migrations are missing."


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/readyz/background", "/readyz/all"])
@pytest.mark.parametrize("error", [DatabaseError, InterfaceError, OperationalError])
def test_the_site_is_not_ready_without_a_database(client, monkeypatch, path, error):
    def fail(connection):
        raise error

    monkeypatch.setattr(problems, "MigrationExecutor", fail)
    response = client.get(path)
    assert response.status_code == 503
    assert response.content == b"The database is unavailable."


@pytest.mark.django_db
def test_a_late_process_is_named_but_the_site_stays_ready(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    background.beat("worker")
    for path, status in (("/readyz", 200), ("/readyz/background", 503), ("/readyz/all", 503)):
        response = client.get(path)
        assert response.status_code == status
        assert response.content.decode().splitlines() == ["ok", "The scheduler has never reported."]
    background.beat("scheduler")
    for path in ("/readyz", "/readyz/background", "/readyz/all"):
        response = client.get(path)
        assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("database is locked"), 503, "The site is temporarily unavailable"),
        (DatabaseError("file is not a database"), 503, "The site is temporarily unavailable"),
        (ProgrammingError("no such thing"), 500, "Something went wrong here"),
        (ValueError("a secret"), 500, "Something went wrong here"),
    ],
)
def test_an_error_page_says_what_to_do_but_not_what_failed(client, monkeypatch, error, status, words):
    def fail(*args, **kwargs):
        raise error

    page = factories.make_standard_page()
    monkeypatch.setattr(type(page), "serve", fail)
    client.raise_request_exception = False
    response = client.get(page.url)
    html = response.content.decode()
    assert response.status_code == status
    assert response.get("Retry-After") == ("60" if status == 503 else None)
    assert words in html
    assert str(error) not in html
    assert 'href="https://www.weather.gov/"' in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "home"), [("/about/", "/"), ("/es/nada/", "/es/")])
def test_an_error_page_leads_home_in_its_language(client, monkeypatch, rf, path, home):
    for status in (400, 500, 503):
        page = views.error_page(rf.get(path), status).content.decode()
        assert page.count(f'href="{home}"') == 2
        assert f'lang="{home.strip("/") or "en"}"' in page


@pytest.mark.django_db
def test_the_number_on_an_error_page_is_in_the_log(client, monkeypatch, caplog):
    """It helps to find the error that a visitor tells us about, and is new for each request."""
    page = factories.make_standard_page()
    monkeypatch.setattr(type(page), "serve", lambda *args: 1 / 0)
    client.raise_request_exception = False
    caplog.handler.setFormatter(logs.LineFormatter("[%(request_id)s] %(message)s"))
    numbers = set()
    for _time in range(2):
        caplog.clear()
        text = BeautifulSoup(client.get(page.url).content, "html.parser").small.get_text()
        (number,) = re.findall(r"[0-9a-f]{8}", text)
        numbers.add(number)
        assert f"[{number}] Internal Server Error: {page.url}" in caplog.text
    assert len(numbers) == 2


def test_robots_txt_names_the_sitemap(client, settings):
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()


@pytest.mark.parametrize("day", ["2024-02-29", "2026-01-01", "2026-12-31"])
def test_the_security_contact_is_valid_for_months(client, monkeypatch, settings, day):
    now = parse_datetime(f"{day}T12:00:00Z")
    monkeypatch.setattr(views.timezone, "now", lambda: now)
    lines = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    expires = parse_datetime(lines["Expires"])
    assert timedelta(days=200) < expires - now < timedelta(days=365)
    assert lines["Contact"] == f"{settings.BASE_URL}/contact/"
    assert lines["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    assert lines["Preferred-Languages"] == "en, es"


@pytest.mark.django_db
def test_the_sitemap_lists_only_public_pages(client):
    public, draft = factories.make_event(), factories.make_event(live=False)
    sitemap = client.get("/sitemap.xml").content.decode()
    assert public.url in sitemap
    assert draft.slug not in sitemap


@pytest.mark.django_db
def test_the_url_that_always_fails_does_not_exist(admin_client):
    assert admin_client.get("/admin/failwhale/").status_code == 404
