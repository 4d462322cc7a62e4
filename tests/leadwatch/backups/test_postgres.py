"""A site moves from SQLite to PostgreSQL and back without losing or changing a row. The servers are real."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from subprocess import PIPE

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from home.text import fingerprint
from leadwatch.page_cache.versions import PREFIX, PostgreSQL, seen_models
from tests.support import factories, postgres
from tests.support.copies import ROOT
from tests.support.every_table import fill_every_table
from tests.support.pages import make_neighbors
from tests.support.waiting import wait_until
from timeline.models import EventPage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not postgres.program("initdb"), reason="PostgreSQL is not installed"),
]

# What the site makes again, and what a backup doesn't contain.
REBUILT = ("django_migrations", "leadwatch_contentversion", "search_", "wagtailsearch_", "sqlite_")
PASSING = ("django_session", "home_outgoingmail", "home_trycounter")


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """Return a SQLite database with rows in every table, as bytes."""
    if connection.vendor != "sqlite":
        pytest.skip("It is copied from the test database.")
    with django_db_blocker.unblock(), transaction.atomic():
        make_neighbors()
        factories.make_image()
        fill_every_table()
        call_command("update_index", verbosity=0)
        with connection.cursor() as cursor:
            # A page that was deleted has left log entries, and no other page may get its key.
            cursor.execute("UPDATE wagtailcore_pagelogentry SET page_id = 4999")
            cursor.execute("UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'wagtailcore_page'")
        content = connection.connection.serialize()
        transaction.set_rollback(True)
    return content


@pytest.fixture(scope="module")
def server():
    with postgres.cluster() as address:
        yield address


class Site:
    """A data folder, and a database in PostgreSQL if it has an address."""

    def __init__(self, folder, address=""):
        self.folder, self.address = folder, address
        folder.mkdir(exist_ok=True)

    def start(self, *words):
        """Start a management command."""
        variables = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.address,
            "DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev",
        }
        command = [sys.executable, *words] if words[0] == "-c" else [sys.executable, "manage.py", *words]
        return subprocess.Popen(
            command, env=os.environ | variables, cwd=ROOT, stdout=PIPE, stderr=PIPE, text=True
        )

    def manage(self, *words):
        """Run a management command. Return its output, and what it said about an error."""
        with self.start(*words) as process:
            said = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, *said)

    def done(self, *words):
        ended = self.manage(*words)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def media(self):
        files = (path for path in (self.folder / "media").rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


def tables(folder, *left_out):
    """Return the rows of each table, with JSON as values, and the highest keys."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: sorted(map(repr, map(comparable, database.execute(f'SELECT * FROM "{name}"'))))
            for name in names
            if not name.startswith((*REBUILT, *left_out))
        }
        keys = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
    return rows, {name: key for name, key in keys.items() if name in rows}


def comparable(row):
    """Return a row with objects in place of JSON. PostgreSQL keeps neither the order of keys nor spaces."""
    return [sorted_json(value) if isinstance(value, str) and value[:1] in "{[" else value for value in row]


def sorted_json(text):
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text


def words_found(folder):
    """Return the words in the search index of each page and snippet."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return sorted(
            database.execute(
                "SELECT content_type_id, object_id, title, summary, body, file, starts"
                " FROM search_entry JOIN search_words ON search_words.rowid = search_entry.id"
            )
        )


@pytest.fixture(scope="module")
def moved(tmp_path_factory, database, server):
    """Move a site from SQLite to PostgreSQL, where another schema has a trigger of the same name."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "db.sqlite3").write_bytes(database)
    (folder / "media" / "images").mkdir(parents=True)
    (folder / "media" / "images" / "street.jpg").write_bytes(b"a street" * 1000)
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    trigger = f"{PREFIX}{fingerprint(next(PostgreSQL.triggers(EventPage)))[:16]}"
    with psycopg.connect(server) as old:
        old.execute(PostgreSQL.function)
        old.execute("CREATE TABLE old (id bigint)")
        old.execute(f"CREATE TRIGGER {trigger} AFTER DELETE ON old EXECUTE FUNCTION {PREFIX}change()")
    site = Site(folder, server)
    kill_move(site)
    said = site.done("move_database")
    assert "before_restore_" in said
    assert not (folder / "db.sqlite3").exists()
    assert not list(folder.glob("restoring-*"))
    assert site.media() == Site(kept).media()
    return site, Site(kept)


def kill_move(site):
    """Kill a move while its child process creates tables. The child ends, too, so that the next one works."""
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'restoring'"
    with site.start("move_database") as process:
        wait_until(lambda: asked(site.address, tables) > (0,))
        process.kill()
    assert (site.folder / "db.sqlite3").exists()
    assert list(site.folder.glob("restoring-*"))


def asked(address, query):
    with psycopg.connect(address) as database:
        return database.execute(query).fetchone()


def state(address):
    """Return the schemas with the number of their tables, the triggers, and the size of a table."""
    with psycopg.connect(address) as database:
        return [
            database.execute(query).fetchall()
            for query in (
                "SELECT schemaname, count(*) FROM pg_tables GROUP BY schemaname ORDER BY schemaname",
                "SELECT relnamespace::regnamespace::text, count(*) FROM pg_trigger JOIN pg_class"
                f" ON pg_class.oid = tgrelid WHERE tgname LIKE '{PREFIX}%' GROUP BY relnamespace ORDER BY 1",
                "SELECT count(*) FROM wagtailcore_page",
            )
        ]


def test_a_site_moves_to_postgresql_and_back(tmp_path, moved):
    """Every row, revision, log entry and file is the same afterwards."""
    site, before = moved
    back = Site(tmp_path / "back")
    back.done("restore", site.done("backup"))
    (rows, keys), (old_rows, old_keys) = tables(back.folder), tables(before.folder)
    assert all(old_rows.values())
    for name in old_rows:
        assert rows[name] == ([] if name in PASSING else old_rows[name]), name
    assert keys == old_keys
    assert back.media() == before.media()
    assert words_found(back.folder)
    assert words_found(back.folder) == words_found(before.folder)


def test_the_move_takes_along_what_backups_leave_out(moved):
    site, _before = moved
    with psycopg.connect(site.address) as database:
        assert [database.execute(f"SELECT count(*) FROM {name}").fetchone() for name in PASSING] == [(1,)] * 3


def test_triggers_are_in_the_schema_in_use(moved):
    site, _before = moved
    _tables, triggers, _pages = state(site.address)
    assert dict(triggers)["public"] == sum(
        1 for model in seen_models() for _each in PostgreSQL.triggers(model)
    )


def test_a_restore_on_postgresql_is_refused_and_changes_nothing(moved, database, tmp_path):
    site, _before = moved
    before = state(site.address)
    newer = tmp_path / "newer" / "db.sqlite3"
    newer.parent.mkdir()
    newer.write_bytes(database)
    with closing(sqlite3.connect(newer)) as file, file:
        file.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('home', '9999_x', '2030-01-01')"
        )
    (broken := tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    for backup, words in ((broken, "damaged"), (newer, "home.9999_x")):
        if backup is newer:
            with tarfile.open(backup := tmp_path / "newer.tar.gz", "w:gz", compresslevel=1) as archive:
                archive.add(newer, "db.sqlite3")
        refused = site.manage("restore", "--without-list", str(backup))
        assert refused.returncode == 1
        assert "nothing has changed" in refused.stderr
        assert words in refused.stderr
    with psycopg.connect(site.address):
        (site.folder / "db.sqlite3").write_bytes(database)
        refused = site.manage("move_database")
    assert "The site is running: the database has 1 other connections" in refused.stderr
    (site.folder / "db.sqlite3").unlink()
    assert state(site.address) == before


# Puts a new state in place, and dies before the last of so many renames.
DIE = """
import os, sys
from pathlib import Path
import django
django.setup()
from leadwatch.backups import exchange, postgres
postgres.build = lambda path: None
left, rename = list(range(int(sys.argv[1]))), Path.rename
def die(path, target):
    left.pop()
    return rename(path, target) if left else os.kill(os.getpid(), 9)
Path.rename = die
with exchange.site_at_rest("x") as new:
    (new / "media").mkdir()
    (new / "media" / "state.txt").write_text("new")
    (new / "db.sqlite3").touch()
    exchange.put_in_place(new)
"""


@pytest.mark.parametrize(("renames", "state"), [(2, "old"), (3, "new")])
def test_a_killed_restore_leaves_the_files_that_belong_to_the_database(tmp_path, server, renames, state):
    """The second one dies after PostgreSQL has the new database."""
    address = server.rpartition("/")[0] + f"/{state}"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {state}")
    with psycopg.connect(address) as database:
        database.execute("CREATE TABLE state AS SELECT 'old' AS name; CREATE SCHEMA restoring")
        database.execute("CREATE TABLE restoring.state AS SELECT 'new' AS name")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "state.txt").write_text("old")
    site = Site(tmp_path, address)
    assert site.manage("-c", DIE, str(renames)).returncode == -signal.SIGKILL
    assert list(tmp_path.glob("restoring-*"))
    # The next process that reads the settings recovers.
    site.done("-c", "import leadwatch.settings.dev")
    assert asked(address, "SELECT name FROM state") == (state,)
    assert site.media() == {"media/state.txt": state.encode()}
    kept = [path.name.endswith("unfinished") for path in (tmp_path / "before-restore").iterdir()]
    assert kept == [False] * (state == "new")
    assert not list(tmp_path.glob("restoring-*"))
