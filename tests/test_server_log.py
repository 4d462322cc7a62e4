"""Words that visitors type are in no output of a production server, and hardly on its disk."""

import pickle
import socket
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
import urllib3
from django.db import connection

from tests.support.copies import copy_database
from tests.support.postgres import free_port
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
WORD = "plantedword"
CONTENT = """
from tests.support import factories
factories.make_event(slug="event")
factories.make_concern()
factories.make_contact()
"""
PATHS = [
    *("/", "/timeline/", "/timeline/embed/", "/timeline/share/", "/timeline/feed/", "/timeline/event/"),
    *("/timeline/events.json", "/timeline/events.csv", "/timeline/events.ics", "/timeline/events.xlsx"),
    *("/search/", "/search/suggest/", "/es/search/", "/es/search/suggest/", "/feed/", "/sitemap.xml"),
    *(
        "/oembed/",
        "/cover/4.png",
        "/contact/",
        "/concerns/",
        "/nowhere/",
        "/files/1/minutes.txt",
        "/embed.js",
    ),
    *(
        "/media/images/a.png",
        "/admin/",
        "/admin/login/",
        "/admin/pages/",
        "/admin/images/",
        "/healthz",
        "/readyz",
    ),
    *("/admin/timeline/eventpage/", "/admin/pages/search/", "/static/css/x.css", "/robots.txt", "/timeline"),
]
QUERIES = [
    f"q={WORD}",
    f"q=%22{WORD}%22+OR+({WORD}*&category={WORD}&year={WORD}",
    f"{WORD}&x={WORD}&page={WORD}&url=http://127.0.0.1/timeline/?q={WORD}",
    f"q={quote(WORD + ' ' * 50 + 'é' * 300)}",
    f"q={WORD}%00%ff%ed%a0%80",
]
# Requests that are not HTTP, or not for this site.
MALFORMED = [
    f"GET /search/?q={WORD} and more HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    f"GET /search/?q={WORD} HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    f"get /search/?q={WORD} HTTP/1.1\r\nHost: 127.0.0.1\r\nBad header {WORD}\r\n\r\n",
    f"GET /search/?q={WORD} HTTP/1.1\r\nHost: {WORD}.example\r\n\r\n",
    f"GET /search/?q={WORD * 900} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    f"POST /contact-message/5/?q={WORD} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"{WORD}\r\n",
    f"POST /admin/login/?q={WORD} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
    f"Origin: http://elsewhere.example/?q={WORD}\r\nReferer: http://elsewhere.example/?q={WORD}\r\n\r\n",
]


class Server:
    """The site as in production, and all of its output."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.environment = copy_database(folder) | {
            "DJANGO_SETTINGS_MODULE": "tests.support.mortal",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "PYTHONPATH": str(ROOT),
        }
        self.log = folder / "server.log"
        self.http = urllib3.PoolManager(timeout=60)

    def start(self):
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", CONTENT]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True)
        gunicorn = Path(sys.executable).with_name("gunicorn")
        self.process = subprocess.Popen(
            [gunicorn, "leadwatch.wsgi", f"--bind=127.0.0.1:{self.port}"],
            env=self.environment,
            cwd=ROOT,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )
        wait_until(self.is_up)

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/healthz")
        except urllib3.exceptions.HTTPError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def get(self, address):
        url = f"http://127.0.0.1:{self.port}{address}"
        return self.http.request("GET", url, redirect=False, retries=False).status

    def send(self, text):
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connected:
            connected.sendall(text.encode())
            connected.shutdown(socket.SHUT_WR)
            return connected.recv(100)

    def cached(self):
        """Return the contents of the cache's files."""
        for path in self.folder.rglob("*.djcache"):
            with path.open("rb") as file:
                pickle.load(file)
                yield zlib.decompress(file.read())

    def tables_with(self, word):
        with sqlite3.connect(self.folder / "db.sqlite3") as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                table
                for (table,) in tables
                for row in database.execute(f'SELECT * FROM "{table}"')
                if word in str(row).lower()
            }


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup, django_db_blocker):
    if connection.vendor != "sqlite":
        pytest.skip("The file is SQLite's.")
    with django_db_blocker.unblock():
        server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


def test_planted_words_are_in_no_output_and_hardly_on_the_disk(server):
    statuses = {server.get(f"{path}?{query}") for path in PATHS for query in QUERIES}
    assert {200, 302, 404} <= statuses
    assert not {status for status in statuses if status >= 500}
    for text in MALFORMED:
        server.send(text)
    # Wait for the thread that counts searches without a result.
    assert wait_until(lambda: server.tables_with(WORD)) == {"search_missedsearch"}
    assert list(server.cached())
    assert not [entry for entry in server.cached() if WORD.encode() in entry]
    # Break the database while the site runs.
    for path in server.folder.glob("db.sqlite3*"):
        path.write_bytes(f"no database {WORD}".encode())
    statuses = {server.get(f"{path}?q={WORD}&z={WORD}") for path in PATHS}
    assert statuses & {500, 503}
    log = server.log.read_text()
    assert "Traceback" in log
    assert "A malformed request was refused." in log
    assert WORD not in log.lower()
