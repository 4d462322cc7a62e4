"""Visitors get pages while the database is locked, gone or read-only, and without a search index."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.support.breakable import IS_LONG, PATIENCE, SOON, is_apology, within
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

DATABASE = "db.sqlite3*"
# Seconds: longer than a writer waits, between two rounds, and for a round.
LOCKED, PAUSE, LONGEST = (60 if IS_LONG else PATIENCE + 4), 2, 12


def test_readers_do_not_notice_that_the_database_is_locked_and_senders_are_told(site):
    form = site.message()
    with closing(sqlite3.connect(site.folder / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        end = time.monotonic() + LOCKED
        with ThreadPoolExecutor() as pool:
            sending = pool.submit(site.ask, *form)
            rounds = 0
            while (begun := time.monotonic()) < end:
                site.forget_pages()
                assert site.statuses() == {200}
                assert time.monotonic() - begun < LONGEST
                rounds += 1
                time.sleep(PAUSE)
            assert rounds > 1
            assert is_apology(sending.result())
        other.execute("ROLLBACK")
        with within(SOON):
            assert site.ask(*form).status == 303
    assert site.stored().count(form[1]["your_message"]) == 1


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
    with within(SOON):
        wait_until(lambda: site.ask(other).status == 200)
    assert site.statuses() == {200}


def test_readers_do_not_notice_that_the_disk_is_read_only_and_writers_are_told(site):
    form, editor = site.message(), site.editor()
    site.forget_pages()
    with site.read_only_disk():
        assert site.statuses() == {200}
        assert is_apology(site.ask(*form))
        with pytest.raises(AssertionError, match="temporarily unavailable"):
            editor.publish()()
    with within(SOON):
        assert site.ask(*form).status == 303
        assert editor.publish()().status == 302


def test_pages_are_served_without_a_search_index_and_the_search_says_so(site):
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'search_%'"
    with (
        closing(sqlite3.connect(site.folder / "db.sqlite3")) as live,
        closing(sqlite3.connect(":memory:")) as whole,
    ):
        live.backup(whole)
        for (name,) in live.execute(tables).fetchall():
            live.execute(f"DROP TABLE IF EXISTS {name}")
        live.commit()
        site.forget_pages()
        assert site.statuses() == {200}
        assert is_apology(site.ask("/search/?q=lead"))
        whole.backup(live)
    with within(SOON):
        assert site.ask("/search/?q=lead").status == 200


def put(file, path):
    """Let a file take the place of the database, as a restore does."""
    for old in path.parent.glob(DATABASE):
        old.unlink()
    file.rename(path)


def test_every_reader_sees_a_database_that_took_the_place_of_the_other(site):
    path, place = site.folder / "db.sqlite3", "/timeline/event/"
    new, old = site.folder / "new", site.folder / "old"
    with closing(sqlite3.connect(path)) as live:
        for file in (new, old):
            with closing(sqlite3.connect(file)) as copy:
                live.backup(copy)
    with closing(sqlite3.connect(new)) as copy, copy:
        copy.execute("UPDATE wagtailcore_page SET title = 'Restored' WHERE slug = 'event'")

    def many():
        """Return whether each of many readers at the same time sees the restored page."""
        with ThreadPoolExecutor(8) as pool:
            pages = pool.map(lambda number: site.ask(f"{place}?asked={number}"), range(24))
            return {(page.status, b"Restored" in page.data) for page in pages}

    for file, is_restored in ((new, True), (old, False)):
        assert many() == {(200, not is_restored)}
        put(file, path)
        assert many() == {(200, is_restored)}
        with within(SOON):
            wait_until(lambda expected=is_restored: (b"Restored" in site.ask(place).data) == expected)


@pytest.mark.parametrize("damage", [bytes, lambda size: b""], ids=["zeros", "cut off"])
def test_a_damaged_database_is_not_used_after_its_repair(site, damage):
    path, cached = site.folder / "db.sqlite3", [path for path in site.paths if path != "/contact/"]
    assert site.statuses() == {200}
    with closing(sqlite3.connect(path)) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = path.read_bytes()
    assert site.ask("/search/?q=lead").status == 200
    path.write_bytes(damage(len(good)))
    assert {site.ask(each).status for each in cached} == {200}
    assert is_apology(site.ask("/search/?q=lead"))
    path.write_bytes(good)
    with within(SOON):
        wait_until(lambda: site.statuses() == {200})
    assert site.ask("/search/?q=lead").status == 200


def test_a_site_that_was_stopped_leaves_its_whole_database_in_one_file(site):
    """Somebody may copy the file alone."""
    form = site.message()
    assert site.ask(*form).status == 303
    assert site.statuses() == {200}
    site.process.terminate()
    site.process.wait()
    assert [path.name for path in site.folder.glob(DATABASE)] == ["db.sqlite3"]
    site.start("--log-level=error")
    assert form[1]["your_message"] in site.stored()
