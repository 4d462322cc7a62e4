"""Visitors get pages while the database, the cache or the search index of a site is unavailable."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import urllib3
from bs4 import BeautifulSoup

from home.forms.contact import SHORTEST_WRITING
from tests.support.copies import CopiedSite
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

CONTENT = """
import json
from tests.support import factories
from tests.support.pages import PAGE_TYPES, make_neighbors
make_neighbors()
print(json.dumps([make().url for make, _queries in PAGE_TYPES.values()]))
"""
DATABASE = "db.sqlite3*"
# Seconds.
LOCKED, PAUSE, SOON = 30, 5, 5


class Site(CopiedSite):
    def __init__(self, folder):
        super().__init__(folder)
        self.http = urllib3.PoolManager(timeout=60, retries=False, maxsize=20)
        self.paths = [*json.loads(self.run(CONTENT).splitlines()[-1]), "/feed/", "/timeline/embed/"]
        self.start("--log-level=error")
        # On the first visit, rows for the site's settings are written.
        assert self.statuses() == {200}

    def ask(self, path, form=None):
        return self.http.request(
            "GET" if form is None else "POST", self.url + path, fields=form, redirect=False
        )

    def statuses(self):
        return {self.ask(path).status for path in self.paths}

    def forget_pages(self):
        for path in self.folder.glob("cache/*.djcache"):
            path.unlink()


@pytest.fixture(scope="module")
def site(copy_site):
    site = copy_site(Site)
    yield site
    site.stop()


def is_apology(response):
    """Return whether a response says that the site is unavailable for now, and has the exit button."""
    html = response.data.decode()
    is_told = response.status == 503 and response.headers["Retry-After"] == "60"
    return is_told and "temporarily unavailable" in html and "data-exit-link" in html


def filled_in(site):
    """Return the URL and the fields of the contact form, filled in."""
    form = BeautifulSoup(site.ask("/contact/").data, "html.parser").select_one("main form[method=post]")
    fields = {field["name"]: field.get("value", "") for field in form.select("[name]")}
    return form["action"], fields | {"your_message": "Words"}


def test_readers_do_not_notice_that_the_database_is_locked_and_senders_are_told(site):
    form = filled_in(site)
    time.sleep(SHORTEST_WRITING + 1)
    with closing(sqlite3.connect(site.folder / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        end = time.monotonic() + LOCKED
        with ThreadPoolExecutor() as pool:
            sending = pool.submit(site.ask, *form)
            rounds = 0
            while (begun := time.monotonic()) < end:
                site.forget_pages()
                assert site.statuses() == {200}
                assert time.monotonic() - begun < LOCKED / 2
                rounds += 1
                time.sleep(PAUSE)
            assert rounds > 1
            assert is_apology(sending.result())
        other.execute("ROLLBACK")
        begun = time.monotonic()
        assert site.ask(*form).status == 303
        assert time.monotonic() - begun < SOON
        assert other.execute("SELECT count(*) FROM home_contactmessage").fetchone() == (1,)


def test_cached_pages_are_served_while_the_database_is_gone(site):
    # The form for messages is never cached, and the page for frames has not been shown yet.
    site.forget_pages()
    other = "/timeline/embed/"
    cached = [path for path in site.paths if path not in ("/contact/", other)]
    assert {site.ask(path).status for path in cached} == {200}
    away = site.folder / "away"
    away.mkdir()
    for path in site.folder.glob(DATABASE):
        path.rename(away / path.name)
    assert [path for path in cached if site.ask(path).status != 200] == []
    others = (other, "/contact/", "/search/?q=lead", "/nowhere/", "/admin/login/")
    assert [path for path in others if not is_apology(site.ask(path))] == []
    for path in site.folder.glob(DATABASE):
        path.unlink()
    for path in away.iterdir():
        path.rename(site.folder / path.name)
    begun = time.monotonic()
    wait_until(lambda: site.ask(other).status == 200)
    assert time.monotonic() - begun < SOON
    assert site.statuses() == {200}


def test_pages_are_served_without_a_cache(site):
    cache = site.folder / "cache"
    cache.rename(site.folder / "away-cache")
    cache.write_text("not a folder")
    for _time in range(2):
        assert site.statuses() == {200}
    cache.unlink()
    (site.folder / "away-cache").rename(cache)


def test_pages_are_served_without_a_search_index_and_the_search_says_so(site):
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        tables = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search_%'")
        ]
        for table in tables:
            database.execute(f"DROP TABLE IF EXISTS {table}")
        database.commit()
    site.forget_pages()
    assert site.statuses() == {200}
    assert is_apology(site.ask("/search/?q=lead"))
