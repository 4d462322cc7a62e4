import threading

import pytest
from django.db import OperationalError, connection

from home.models import SiteSettings
from search.models import MissedSearchQuerySet
from search.results import missed
from tests.support import factories
from timeline.models import EmbedSettings

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def counter(settings, monkeypatch):
    """A thread without access to the database of the tests."""
    settings.COUNT_IN_BACKGROUND = True
    monkeypatch.setattr(missed, "counter", missed.CountingThread())
    monkeypatch.setattr(missed, "connection", connection_of_nobody)
    factories.make_home()
    return missed.counter


class connection_of_nobody:
    @staticmethod
    def close():
        pass


def test_searches_are_counted_by_another_thread(counter, client, monkeypatch):
    counted = []

    def count_query(self, query):
        counted.append((query.text, threading.current_thread()))

    monkeypatch.setattr(MissedSearchQuerySet, "count_query", count_query)
    for word in ("helicopters", "airships"):
        client.get("/search/", {"q": word})
    counter.waiting.join()
    assert [word for word, _thread in counted] == ["helicopters", "airships"]
    assert {thread for _word, thread in counted} == {counter.thread}


def test_visitors_do_not_wait_for_a_lock_and_the_queue_is_limited(counter, client, monkeypatch, caplog):
    free = threading.Event()
    monkeypatch.setattr(MissedSearchQuerySet, "count_query", lambda self, query: free.wait())
    counter.waiting.maxsize = 3
    # If one of them waited for the lock, the test would hang.
    for number in range(8):
        assert client.get("/search/", {"q": f"helicopter{'s' * number}"}).status_code == 200
    assert counter.waiting.qsize() <= 3
    free.set()
    counter.waiting.join()
    assert "was not counted: Full" in caplog.text
    assert "helicopter" not in caplog.text


def test_counting_continues_after_an_error(counter, client, monkeypatch, caplog):
    asked = []

    def failing(self, query):
        asked.append(query.text)
        raise OperationalError(f"database is locked: {query.text}")

    monkeypatch.setattr(MissedSearchQuerySet, "count_query", failing)
    for word in ("helicopters", "airships"):
        client.get("/search/", {"q": word})
        counter.waiting.join()
    assert asked == ["helicopters", "airships"]
    assert "was not counted: OperationalError" in caplog.text
    assert "helicopters" not in caplog.text


def test_a_search_works_if_no_thread_can_be_started(counter, client, monkeypatch):
    def failing(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", failing)
    assert client.get("/search/", {"q": "helicopters"}).status_code == 200


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT")


def test_no_public_page_writes_to_the_database(counter, client, monkeypatch):
    monkeypatch.setattr(MissedSearchQuerySet, "count_query", lambda self, query: None)
    # The first page that shows them creates them, unless the starter content did.
    SiteSettings.load()
    EmbedSettings.load()
    timeline = factories.make_timeline()
    pages = [timeline, factories.make_event(), factories.make_concern(), factories.make_partner()]
    pages += [factories.make_document(), factories.make_figures_page(), factories.make_glossary()]
    pages += [factories.make_contact(), factories.make_overview(), factories.make_standard_page()]
    paths = ["/", "/feed/", "/sitemap.xml", "/readyz", "/nowhere/", f"/cover/{timeline.pk}.png"]
    paths += ["/search/?q=helicopters", "/search/suggest/?q=heli", f"/oembed/?url={timeline.full_url}"]
    paths += [f"{timeline.url}{end}" for end in ("embed/", "share/", "feed/", "events.csv", "?q=helicopters")]
    written = []

    def watching(execute, sql, *args):
        if sql.lstrip().upper().startswith(WRITES):
            written.append((path, sql))
        return execute(sql, *args)

    with connection.execute_wrapper(watching):
        for path in [*paths, *(page.url for page in pages)]:
            response = client.get(path)
            assert b"".join(response) or response.status_code in (404, 501)
    assert not written
