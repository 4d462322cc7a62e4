"""
Back up a site and restore it on an empty machine, 20 times; every second time while an editor publishes.

    TIMES=20 .venv/bin/pytest -s tests/bench/restores.py

It fails if a row, a file or a page differs, an account can't be signed in to, or a sealed message can't be
opened.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import urllib3

from tests.bench.load import paths_of
from tests.support.editing import Client, Editor, is_sound, published
from tests.support.sealing import make_key, send, unseal
from tests.support.served import ROOT, ServedSite

PAGES, MESSAGES, FILES = 30, 40, 20
# A backup has no sessions, mails that wait, or counted tries.
PASSING = {"django_session", "home_outgoingmail", "home_trycounter"}


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


def tables(folder):
    """Return the rows of each table as hashes."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}
    return {
        name: (len(each), hashlib.sha256("\n".join(each).encode()).hexdigest())
        for name, each in rows.items()
        if name not in PASSING
    }


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


class Publisher(threading.Thread):
    """Publishes versions until stopped."""

    def __init__(self, editor):
        super().__init__(daemon=True)
        self.editor, self.ended = editor, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.editor.publish()()


def restored(site, archive):
    """Return a site without anything but its settings, on which the backup was restored."""
    copy = ServedSite(is_empty=True)
    for name in ("SECRET_KEY", "BASE_URL"):
        copy.environment[name] = site.environment[name]
    copy.manage("restore", archive)
    shutil.copytree(site.folder / "static", copy.folder / "static")
    return copy


def check(copy, cookies, number):
    """Sign in to a restored site, where earlier sessions have ended, and open the sealed messages."""
    client = Client(copy.url, copy.folder)
    client.sign_in(f"editor-{number % 5}")
    assert client.ask("/admin/").status == 200
    earlier = Client(copy.url, copy.folder)
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


def test_a_restored_site_is_the_same():
    times = int(os.environ.get("TIMES", 20))
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.bench.restores")
        site.start()
        client = Client(site.url, site.folder)
        client.sign_in()
        editor, paths = Editor(client), paths_of(site)[:PAGES]
        for number in range(times):
            editor.publish()()
            least = editor.version
            if number % 2:
                publisher = Publisher(editor)
                publisher.start()
                archive = back_up(site)
                publisher.ended.set()
                publisher.join()
            else:
                shown, archive = pages(site, paths), back_up(site)
            with restored(site, archive) as copy:
                if not number % 2:
                    assert tables(copy.folder) == tables(site.folder)
                    assert media(copy.folder) == media(site.folder)
                copy.start()
                if not number % 2:
                    assert pages(copy, paths) == shown
                look = check(copy, client.cookies, number)
                assert least <= published(look, "event") <= editor.version
            print(number, least, editor.version, flush=True)
            Path(archive).unlink()
