import io
import logging
import logging.config
import sqlite3
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import RequestFactory

from search.index import cluster
from tests.support import factories

WORD = "Plantedword"
# In different cases, and as part of another word.
QUERY = f"q=%22{WORD}%22+{WORD.lower()}s%20*&x={WORD}&{WORD.upper()}"

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """Return the output of the site's handlers, with all loggers as in production."""
    stream = io.StringIO()
    config = settings.LOGGING | {
        "handlers": settings.LOGGING["handlers"]
        | {"console": {"class": "logging.StreamHandler", "formatter": "line", "stream": stream}}
    }
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


def fail(error):
    def failing(*args, **kwargs):
        try:
            raise sqlite3.OperationalError(f'fts5: syntax error near "{WORD}"')
        except sqlite3.OperationalError as cause:
            raise error from cause

    return failing


ERRORS = [
    DatabaseError(f'fts5: syntax error near "{WORD}"'),
    # Raise no error for which the request is to blame: it would quote the whole value and give a 404.
    ValueError(f"invalid literal near {WORD}"),
    KeyError(WORD),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "path",
    ["/search/", "/search/suggest/", "/es/search/", "/timeline/", "/timeline/embed/", "/timeline/feed/"],
)
def test_an_error_is_logged_without_the_search_terms(client, monkeypatch, log, path, error):
    factories.make_timeline()
    client.raise_request_exception = False
    monkeypatch.setattr("search.text.query.Query.parse", fail(error))
    monkeypatch.setattr("timeline.filters.EventFilters._years", fail(error))
    if "/es/" in path:
        monkeypatch.setattr("search.views.Search", fail(error))
    response = client.get(f"{path}?{QUERY}")
    # SQLite calls a damaged file a DatabaseError.
    status = HTTPStatus(503 if type(error) is DatabaseError else 500)
    assert response.status_code == status
    lines = log.getvalue()
    # The log still contains the place and the type of the error.
    assert f"{status.phrase}: {path}" in lines
    assert "Traceback" in lines
    assert "in failing" in lines
    assert type(error).__name__ in lines
    assert "sqlite3.OperationalError" in lines
    assert WORD.lower() not in lines.lower()


def test_an_error_in_a_form_is_logged_without_its_data(client, monkeypatch, log):
    page = factories.make_contact()
    client.raise_request_exception = False
    monkeypatch.setattr("home.models.ContactPage.process_form_submission", fail(ERRORS[0]))
    response = client.post(f"/contact-message/{page.pk}/", {"message": WORD, "text": WORD})
    assert response.status_code in {422, 500}
    assert WORD not in log.getvalue()


def test_an_error_without_input_is_logged_in_full(client, monkeypatch, log):
    page = factories.make_standard_page()
    client.raise_request_exception = False
    monkeypatch.setattr(type(page), "serve", fail(ValueError("A reason")))
    client.get(page.url)
    assert "ValueError: A reason" in log.getvalue()


@pytest.mark.parametrize("path", [f"/{WORD}/", f"/es/{WORD}/{WORD}/", f"/búsqueda-{WORD}/"])
def test_an_error_on_a_made_up_path_is_logged_without_the_path(client, monkeypatch, log, path):
    factories.make_home()
    client.raise_request_exception = False
    monkeypatch.setattr("home.models.HomePage.route", fail(ValueError(f"nothing at {path}")))
    assert client.get(path).status_code == 500
    assert "Internal Server Error: /" in log.getvalue()
    assert "in failing" in log.getvalue()
    assert WORD not in log.getvalue()


def test_numbers_in_a_path_are_logged(client, monkeypatch, log):
    client.raise_request_exception = False
    monkeypatch.setattr("home.library.get_object_or_404", fail(ValueError("A reason")))
    assert client.get(f"/files/17/{WORD}.pdf").status_code == 500
    assert "Internal Server Error: /files/17/…" in log.getvalue()
    assert WORD not in log.getvalue()


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/search/nowhere/", "/es/nowhere/", "/oembed/", "/files/9/x.pdf"]
)
def test_missing_pages_are_not_logged(client, log, path):
    assert client.get(f"{path}?{QUERY}&url={WORD}").status_code in {400, 404}
    assert client.get(f"{path}{WORD}/?{QUERY}").status_code in {400, 404}
    assert log.getvalue() == ""


def test_an_unknown_host_is_not_logged(client, log, settings, capfd):
    settings.ALLOWED_HOSTS = ["known.example"]
    response = client.get(f"/search/?{QUERY}", headers={"host": f"{WORD.lower()}.example"})
    assert response.status_code == 400
    out, err = capfd.readouterr()
    assert log.getvalue() + out + err == ""


def test_a_failing_search_cluster_is_logged_without_the_search_terms(client, monkeypatch, log):
    factories.make_event(title="Something")
    monkeypatch.setattr(cluster, "is_used", lambda: True)
    monkeypatch.setattr(cluster, "get_search_backend", fail(ValueError(f"POST /_search {WORD}")))
    client.get(f"/search/?{QUERY}")
    assert "The search cluster does not answer" in log.getvalue()
    assert WORD.lower() not in log.getvalue().lower()


def unfinished_request():
    """Send a request with the query whose response is not finished."""
    from django.core.signals import request_started

    environ = RequestFactory().get(f"/search/?{QUERY}").environ
    request_started.send(sender=None, environ=environ)


@pytest.mark.parametrize(
    ("logger", "message", "values"),
    [
        ("opensearch", "POST http://host:9200/_search?q=%s [status:%s]", (WORD, 400)),
        ("elastic_transport.transport", "%s", (f"Failed to parse query [{WORD.lower()}s]",)),
        ("urllib3.connectionpool", "Retrying after %r: %s", (KeyError(WORD), f"/_search?q={WORD}")),
        ("py.warnings", "%s", (f"CacheKeyWarning: ':1:page:http://host/search/?q={WORD}'",)),
        ("django.security.csrf", "Forbidden (%s)", (f"http://elsewhere.example/?q={WORD} does not match",)),
        (
            "django.security.csrf",
            "Forbidden (%s): %s",
            (f"Origin checking failed - http://{WORD}.example", "/"),
        ),
        ("gunicorn.error", "Error handling request %s", (f"/search/?q={WORD}",)),
        ("gunicorn.error", f"Invalid request from ip=192.0.2.7: 'GET /search/?q={WORD} b HTTP/1.1'", ()),
        ("gunicorn.error", f"Invalid request from ip=192.0.2.7: 'GET /{WORD} b HTTP/1.1'", ()),
        ("django.server", '"%s" %s %s', (f"GET /search/?q=a {WORD} HTTP/1.1", "200", "12")),
    ],
)
def test_messages_of_libraries_are_logged_without_the_words(log, logger, message, values):
    unfinished_request()
    logging.getLogger(logger).warning(message, *values)
    line = log.getvalue()
    assert logger in line
    assert WORD.lower() not in line.lower()
    assert "192.0.2.7" not in line


@pytest.mark.parametrize(
    ("kind", "message", "values"),
    [
        ("csrf", "Forbidden (%s): %s", (f"Origin checking failed - http://{WORD}.example", "/")),
        ("csrf", "Forbidden (%s): %s", (f"Referer checking failed - https://a/{WORD}/", "/")),
        ("csrf", "Forbidden (%s): %s", ("CSRF cookie not set.", f"/{WORD}/")),
        ("DisallowedRedirect", f"Unsafe redirect to URL with protocol '{WORD}'", ()),
        ("SuspiciousFileOperation", f"The joined path (/media/{WORD}) is located outside", ()),
    ],
)
def test_a_refusal_is_logged_without_the_quoted_value(log, kind, message, values):
    logging.getLogger(f"django.security.{kind}").warning(message, *values)
    assert message.split(" ")[0] in log.getvalue()
    assert WORD not in log.getvalue()


def test_an_error_after_the_response_has_started_is_logged_with_type_and_place(log):
    try:
        fail(ValueError(WORD))()
    except ValueError:
        logging.getLogger("gunicorn.error").exception(
            "Error handling request %s", f"/timeline/events.csv?q={WORD}"
        )
    assert "in failing" in log.getvalue()
    assert WORD not in log.getvalue()


def test_messages_of_system_errors_are_kept(log):
    unfinished_request()
    try:
        Path(f"/{WORD}/missing").read_text()
    except OSError:
        logging.getLogger("home").exception("A file could not be read.")
    assert "FileNotFoundError: No such file or directory" in log.getvalue()
    assert WORD not in log.getvalue()


def test_the_code_of_a_database_error_is_kept(log):
    unfinished_request()
    try:
        sqlite3.connect(f"/{WORD}/missing")
    except sqlite3.Error:
        logging.getLogger("home").exception("The database failed.")
    assert "sqlite3.OperationalError: SQLITE_CANTOPEN" in log.getvalue()
    assert WORD not in log.getvalue()
