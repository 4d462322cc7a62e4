"""A process keeps connections for a second, but none to a file that is no longer the site's."""

import os
import sqlite3
import threading
import time
from contextlib import closing, suppress

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.utils import ConnectionHandler

from leadwatch.settings import environment
from leadwatch.sqlite3 import base
from leadwatch.sqlite3.base import DatabaseWrapper, close_kept, keep_connections

# pytest-django refuses all databases otherwise.
pytestmark = pytest.mark.django_db

ALIAS, WORDS = "own", "SELECT word FROM words"


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A connection of Django to a database of its own, which keeps what it closes."""
    make(tmp_path / "db.sqlite3", "old")
    monkeypatch.setattr(DatabaseWrapper, "kept", None)
    keep_connections()
    monkeypatch.setattr(base, "LONGEST", 60)
    settings = {"default": {}, ALIAS: environment.read({"DATA_DIR": str(tmp_path)}).database}
    connections[ALIAS] = wrapper = ConnectionHandler(settings)[ALIAS]
    yield wrapper
    wrapper.close()
    close_kept()
    del connections[ALIAS]


@pytest.fixture
def path(database):
    return database.settings_dict["NAME"]


def make(path, *words):
    with closing(sqlite3.connect(path)) as new, new:
        new.execute("PRAGMA journal_mode=WAL")
        new.execute("CREATE TABLE words (word text UNIQUE)")
        new.executemany("INSERT INTO words VALUES (?)", [[word] for word in words])


def ask(database, sql=WORDS):
    """Ask as a request does, which closes the connection at its end."""
    try:
        with database.cursor() as cursor:
            return [row[0] for row in cursor.execute(sql)]
    finally:
        database.close()


def opened(database):
    """Return the connection of SQLite that a request gets."""
    database.ensure_connection()
    found = database.connection
    database.close()
    return found


def test_the_next_request_uses_the_connection(database):
    first = opened(database)
    assert opened(database) is first
    assert ask(database, "PRAGMA secure_delete") == [1]
    assert ask(database, "PRAGMA foreign_keys") == [1]
    with suppress(IntegrityError):
        ask(database, "INSERT INTO words VALUES ('old')")
    assert opened(database) is first


def test_requests_at_the_same_time_use_different_ones(database):
    handler = ConnectionHandler({"default": {}, ALIAS: database.settings_dict})
    both, found = threading.Barrier(2), []

    def use():
        handler[ALIAS].ensure_connection()
        found.append(handler[ALIAS].connection)
        both.wait(timeout=10)
        handler[ALIAS].close()

    for _time in range(2):
        threads = [threading.Thread(target=use) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(map(id, found))) == 2
    assert len(found) == 4


def test_commands_and_background_processes_keep_none(database, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "kept", None)
    first = opened(database)
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute(WORDS)
    assert ask(database) == ["old"]


def test_none_is_used_for_longer_than_a_second(database, monkeypatch):
    monkeypatch.setattr(base, "LONGEST", 0.05)
    first = opened(database)
    time.sleep(0.1)
    opened(database)
    assert opened(database) is not first


def test_an_idle_process_leaves_no_log_of_what_was_deleted(database, path):
    ask(database, "DELETE FROM words")
    log = path.with_name("db.sqlite3-wal")
    assert log.exists()
    close_kept()
    assert not log.exists()
    assert b"old" not in path.read_bytes()


def replace(path):
    make(path.with_name("new"), "new")
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        path.with_name(name).unlink(missing_ok=True)
    path.with_name("new").rename(path)


def test_a_replaced_file_is_used_at_once_and_keeps_its_log(database, path):
    assert ask(database) == ["old"]
    replace(path)
    with closing(sqlite3.connect(path)) as other:
        # It is only in the log yet, which the old connection must not delete.
        with other:
            other.execute("INSERT INTO words VALUES ('newer')")
        assert ask(database) == ["new", "newer"]
        assert path.with_name("db.sqlite3-wal").stat().st_size
    close_kept()
    assert ask(database) == ["new", "newer"]


def test_a_file_that_is_replaced_during_a_request_is_used_by_the_next_one(database, path):
    database.ensure_connection()
    replace(path)
    assert ask(database) == ["old"]
    assert ask(database) == ["new"]


def test_a_deleted_file_is_noticed_at_once(database, path):
    assert ask(database) == ["old"]
    away = path.with_name("away")
    away.mkdir()
    for each in path.parent.glob("db.sqlite3*"):
        each.rename(away / each.name)
    for _time in range(2):
        with pytest.raises(DatabaseError):
            ask(database)
        # SQLite has created an empty one.
        path.unlink(missing_ok=True)
    for each in away.iterdir():
        each.rename(path.with_name(each.name))
    assert ask(database) == ["old"]


def test_a_file_that_appears_is_noticed(database, path):
    path.unlink()
    first = opened(database)
    path.unlink()
    assert opened(database) is not first
    replace(path)
    assert ask(database) == ["new"]


def test_a_connection_that_failed_is_not_used_again(database):
    """Not even if its transaction was rolled back, after which Django counts it as good."""
    first = opened(database)
    with pytest.raises(DatabaseError), transaction.atomic(ALIAS), database.cursor() as cursor:
        cursor.execute("SELECT nothing FROM words")
    database.close()
    assert opened(database) is not first


def test_a_connection_in_a_transaction_is_not_used_again(database):
    first = opened(database)
    database.ensure_connection()
    database.connection.execute("BEGIN")
    database.close()
    assert opened(database) is not first
    with transaction.atomic(ALIAS):
        ask(database, "INSERT INTO words VALUES ('half')")
    assert ask(database) == ["old"]


def test_a_result_that_was_read_in_part_does_not_keep_the_next_request_in_the_past(database, path):
    ask(database, "INSERT INTO words VALUES ('second')")
    cursor = database.cursor()
    assert cursor.execute(WORDS).fetchone()
    database.close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("INSERT INTO words VALUES ('third')")
    assert ask(database) == ["old", "second", "third"]
    with pytest.raises(DatabaseError):
        cursor.fetchone()


@pytest.mark.parametrize("damage", [bytes, os.urandom, lambda size: b"", lambda size: b"SQLite format 3\0"])
def test_a_file_that_was_damaged_in_its_place_is_noticed_at_once_and_so_is_its_repair(database, path, damage):
    """Reading from a kept connection to a file that was cut off could even kill the process."""
    assert ask(database) == ["old"]
    good = path.read_bytes()
    path.write_bytes(damage(len(good)))
    with pytest.raises(DatabaseError):
        ask(database)
    path.write_bytes(good)
    assert ask(database) == ["old"]


def features_of(database):
    """Return each feature of a database, by name."""
    return {
        name: getattr(database.features, name) for name in dir(database.features) if not name.startswith("_")
    }


def test_what_a_database_can_do_does_not_depend_on_whether_it_answers(database, path):
    expected = features_of(ConnectionHandler({"default": database.settings_dict})["default"])
    path.write_bytes(b"Not a database" * 100)
    found = features_of(ConnectionHandler({"default": database.settings_dict})["default"])
    changed = {name for name, value in expected.items() if not callable(value) and found[name] != value}
    assert changed - {"connection"} == set()
    assert found["supports_json_field"]
