"""
Back up a site and restore it on an empty machine, 20 times; every second time while an editor publishes. Then
kill 10 restores at random moments.

    TIMES=20 KILLS=10 .venv/bin/pytest -s tests/bench/restores.py

does both on SQLite and on PostgreSQL; with `-k sqlite-postgresql`, only backups of the one on the other. It
fails if a row, a file or a page differs, nobody can sign in, or a sealed message can't be opened.
"""

import hashlib
import os
import random
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import urllib3

from tests.bench.load import paths_of
from tests.support import postgres
from tests.support.editing import Client, Editor, is_sound, published
from tests.support.rows import REBUILT, tables, tables_of
from tests.support.sealing import make_key, send, unseal
from tests.support.served import ROOT, ServedSite

TIMES, KILLS = int(os.environ.get("TIMES", 20)), int(os.environ.get("KILLS", 10))
PAGES, MESSAGES, FILES = 30, 40, 20
KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def server():
    with tempfile.TemporaryDirectory(prefix="leadwatch-postgres-") as folder:
        server = postgres.Cluster(folder)
        yield server
        server.stop()


def fill():
    from home.models import ContactPage, User
    from tests.support import factories
    from tests.support.editing import fill as make_event

    make_event()
    make_key()
    for number in range(MESSAGES):
        send(ContactPage.objects.get(), f"Message {number}")
    for number in range(FILES):
        factories.make_file(f"file-{number}.txt", f"File {number}".encode())
        factories.make_image(title=f"Image {number}").get_rendition("width-20")
    for number in range(5):
        User.objects.create_superuser(f"editor-{number}", password="a long password")


@contextmanager
def site_on(kind, server, **options):
    """Make a site with a database of this kind."""
    name = f"site_{secrets.token_hex(4)}"
    address = server.create(name) if kind == "postgresql" else ""
    with ServedSite(address=address, **options) as site:
        yield site
    if address:
        subprocess.run([postgres.program("dropdb"), "--force", *server.address, name], check=True)


@contextmanager
def filled_site(kind, server):
    with site_on(kind, server) as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.bench.restores")
        site.start()
        yield site


def signed_in(site, name="editor"):
    client = Client(site.url, site.folder, site.address)
    client.sign_in(name)
    return client


def media(folder):
    """Return the hash of each file of the media."""
    files = (path for path in (folder / "media").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def pages(site, paths):
    return {path: urllib3.request("GET", site.url + path).data for path in paths}


def back_up(site):
    """Return the path of a new backup."""
    command = [sys.executable, "manage.py", "backup"]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode().strip()


def tables_in(archive, *left_out):
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extract("db.sqlite3", folder, filter="data")
        with closing(sqlite3.connect(Path(folder) / "db.sqlite3")) as database:
            return tables(database, *left_out)


class Publisher(threading.Thread):
    """Publishes versions until stopped."""

    def __init__(self, editor):
        super().__init__(daemon=True)
        self.editor, self.ended = editor, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.editor.publish()()


@contextmanager
def restored(site, kind, server, archive):
    """Make a site without anything but its settings, and restore the backup on it."""
    with site_on(kind, server, is_empty=True) as copy:
        for name in ("SECRET_KEY", "BASE_URL"):
            copy.environment[name] = site.environment[name]
        copy.manage("restore", archive)
        shutil.copytree(site.folder / "static", copy.folder / "static")
        yield copy


def check(copy, cookies, number):
    """Sign in to a restored site, where earlier sessions have ended, and open the sealed messages."""
    client = signed_in(copy, f"editor-{number % 5}")
    assert client.ask("/admin/").status == 200
    earlier = Client(copy.url, copy.folder, copy.address)
    earlier.cookies = cookies
    assert earlier.ask("/admin/").status == 302
    sealed = client.rows("SELECT sealed FROM home_contactmessage ORDER BY id")
    opened = [dict(unseal(text)).values() for (text,) in sealed]
    assert all(f"Message {number}" in words for number, words in enumerate(opened))
    assert len(opened) == MESSAGES
    names = client.rows("SELECT file FROM home_sitedocument UNION SELECT file FROM home_siteimage")
    assert all((copy.folder / "media" / name).is_file() for (name,) in names)
    assert is_sound(client)
    return client


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_a_restored_site_is_the_same(source, target, server):
    left_out = () if source == target == "sqlite" else REBUILT
    with filled_site(source, server) as site:
        client = signed_in(site)
        editor, paths = Editor(client), paths_of(site)[:PAGES]
        for number in range(TIMES):
            editor.publish()()
            least, shown, rows = editor.version, pages(site, paths), tables_of(site, *left_out)
            if number % 2:
                publisher = Publisher(editor)
                publisher.start()
                archive = back_up(site)
                assert publisher.is_alive()
                publisher.ended.set()
                publisher.join()
                before, rows, after = rows, tables_in(archive, *left_out), tables_of(site, *left_out)
                assert all(rows[name] == before[name] for name in before if before[name] == after[name])
                shown = {path: page for path, page in shown.items() if b"Version" not in page}
            else:
                archive = back_up(site)
            with restored(site, target, server, archive) as copy:
                assert tables_of(copy, *left_out) == rows
                assert media(copy.folder) == media(site.folder)
                copy.start()
                assert pages(copy, shown) == shown
                look = check(copy, client.cookies, number)
                assert least <= published(look, "event") <= editor.version
            print(source, target, number, least, editor.version, len(shown), flush=True)
            Path(archive).unlink()


def killed(site, archive, moment):
    """Kill a restore after so many seconds. Return whether it had ended before."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "restore", archive], cwd=ROOT, env=site.environment
    ) as process:
        time.sleep(moment)
        process.kill()
    return process.returncode == 0


def all_of(site, paths):
    """Return the rows, the files and the pages of a site."""
    shown = pages(site, paths)
    return tables_of(site, *REBUILT), media(site.folder), shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_restore_leaves_the_old_or_the_new_state(kind, server):
    chance = random.Random(1)
    with filled_site(kind, server) as site:
        paths = paths_of(site)[:PAGES]
        new, archive = all_of(site, paths), back_up(site)
        begun = time.monotonic()
        with site_on(kind, server, is_empty=True) as copy:
            copy.manage("restore", archive)
        duration = time.monotonic() - begun
        for number in range(KILLS):
            Editor(signed_in(site)).publish()()
            (site.folder / "media" / f"{number}.txt").write_text("later")
            old = all_of(site, paths)
            site.stop()
            # The state is exchanged in the last moments.
            part = chance.choice([chance.uniform(0, 1), chance.uniform(0.8, 1)])
            is_done = killed(site, archive, part * duration)
            site.start()
            state = all_of(site, paths)
            assert state in (old, new)
            print(kind, number, f"{part:.2f}", "new" if state == new else "old", is_done, flush=True)
            site.stop()
            site.manage("restore", archive)
            site.start()
            assert all_of(site, paths) == new
            assert not list(site.folder.glob("restoring-*"))
