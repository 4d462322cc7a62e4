"""
What visitors type, and who they are, is in no output of a production site, and hardly on its disk.

The tests plant marks in every part of a request to every route, in requests that are refused, and in requests
that fail, and then read all outputs: those of the server, the scheduler and the worker, and mail.
"""

import json
import pickle
import re
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import zlib
from collections import Counter
from urllib.parse import quote

import pytest
import urllib3

from tests.support.copies import ROOT, CopiedSite
from tests.support.routes import filled
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

WORD = "plantedword"
# Part of each mark, and the two addresses that are not words.
PLANTED, ADDRESSES = "planted", ("203.0.113.77", "127.0.0.77")
MESSAGE = "plantedmessage"
TOKEN = "a" * 32
HEADERS = {
    "User-Agent": "plantedbrowser/1.0",
    "Referer": "http://elsewhere.example/plantedreferer/?q=plantedreferer",
    "Accept-Language": "plantedlanguage",
    "Authorization": "Bearer plantedauthorization",
    "X-Request-ID": "plantedid",
    "X-Forwarded-For": ADDRESSES[0],
    "X-Real-IP": ADDRESSES[0],
    "Forwarded": f"for={ADDRESSES[0]}",
}
COOKIES = f"plantedcookie=plantedcookie; csrftoken={TOKEN}"
NAMES = ("title", "username", "password", "your_message", "plantedname")
FORM = {"csrfmiddlewaretoken": TOKEN} | dict.fromkeys(NAMES, "plantedbody")
# No output may contain these.
OUTPUT_MARKS = (PLANTED, *ADDRESSES)
# Not even the disk may contain these.
CLIENT_MARKS = (
    *("plantedbrowser", "plantedreferer", "plantedlanguage", "plantedauthorization", "plantedid"),
    *("plantedcookie", *ADDRESSES),
)
CONTENT = f"""
import json
from django.conf import settings
from home.models import ContactMessage
from tests.support import factories
from tests.support.permissions.addresses import every_address
from tests.support.permissions.world import World
factories.make_event(slug="event")
factories.make_concern()
world = World()
page = world.contact
page.to_address = "editor@example.org"
page.save_revision().publish()
ContactMessage.objects.create(page=page, form_data={{"your_message": "{MESSAGE}"}})
addresses = {{address.path: address.url(world, "A") for address in every_address()}}
# Sign out last.
addresses = sorted(set(addresses.values()), key=lambda address: ("logout" in address, address))
session = world.client_of("A").cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps([f"{{settings.SESSION_COOKIE_NAME}}={{session}}; ", addresses]))
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
    # A client that is gone before it has sent its form, or received the answer.
    f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\n{WORD}=1",
    f"POST /admin/login/?q={WORD} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
    f"Origin: http://elsewhere.example/?q={WORD}\r\nReferer: http://elsewhere.example/?q={WORD}\r\n\r\n",
]


class Server(CopiedSite):
    """The site as in production, and all of its output."""

    def __init__(self, folder):
        super().__init__(folder, EMAIL_URL=f"filemail:///{folder / 'mail'}")
        self.http = urllib3.PoolManager(timeout=60, source_address=(ADDRESSES[1], 0))
        self.administrator, self.admin = json.loads(self.run(CONTENT).splitlines()[-1])
        self.start()

    def get(self, address):
        return self.ask("GET", address)

    def ask(self, method, address, form=None, cookies=COOKIES):
        """Send a request with marks in its headers. Return the status of the response."""
        headers = HEADERS | {"Cookie": cookies}
        options = {"redirect": False, "retries": False, "headers": headers}
        if form is not None:
            options |= {"fields": form, "encode_multipart": False}
        try:
            return self.http.request(method, self.url + address, **options).status
        except urllib3.exceptions.ProtocolError:
            # The server doesn't read a form that is too large to its end.
            return None

    def send(self, text):
        with socket.create_connection(("127.0.0.1", self.port), 60, (ADDRESSES[1], 0)) as connected:
            connected.sendall(text.encode())
            connected.shutdown(socket.SHUT_WR)
            return connected.recv(100)

    def cached(self):
        """Return the contents of the cache's files."""
        for path in self.folder.rglob("*.djcache"):
            with path.open("rb") as file:
                pickle.load(file)
                yield zlib.decompress(file.read())

    def manage(self, *words, seconds=None):
        """Run a management command, until it ends or for some seconds. Return its output."""
        command = [sys.executable, "manage.py", *words]
        process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if seconds:
            time.sleep(seconds)
            process.terminate()
        return process.communicate()[0]

    def files_with(self, marks):
        """Return the files that contain one of the marks, also in the cache and in a backup."""
        (backup,) = self.folder.glob("backups/*.tar.gz")
        with tarfile.open(backup) as archive:
            contents = {"backup": archive.extractfile("db.sqlite3").read(), "cache": b"".join(self.cached())}
        contents |= {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        return [name for name, content in contents.items() if traces(content, marks)]

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
def server(copy_site):
    server = copy_site(Server)
    yield server
    server.stop()


def every_request(addresses):
    """Yield the method, the URL and the form of requests with marks to each URL."""
    for path in addresses:
        yield "GET", f"{path}?{QUERIES[0]}", None
        yield "POST", f"{path}?{QUERIES[0]}", FORM


def public_routes():
    """Return a URL for each pattern outside of the admin, with a mark or a number for its parameters."""
    return [path for text in (PLANTED, "1") for path in filled(text) if not path.startswith("/admin/")]


def every_public_request():
    addresses = [*PATHS, *public_routes()]
    yield from every_request(addresses)
    for path in addresses:
        yield "PUT", path, {}
    # Too many fields, and too much data.
    yield "POST", "/contact-message/1/", dict.fromkeys((f"planted{number}" for number in range(10_001)), "")
    yield "POST", "/contact-message/1/", {"your_message": PLANTED * 1_000_000}


def traces(content, marks):
    """Return the marks that a text or a file contains."""
    content = content if isinstance(content, bytes) else content.encode()
    return [mark for mark in marks if mark.encode() in content.lower()]


def test_nothing_planted_is_in_an_output_and_hardly_on_the_disk(server):
    statuses = {server.get(f"{path}?{query}") for path in PATHS for query in QUERIES}
    assert {200, 302, 404} <= statuses
    assert not {status for status in statuses if status >= 500}
    # Wait for the thread that counts searches without a result.
    assert wait_until(lambda: server.tables_with(WORD)) == {"search_missedsearch"}
    statuses = Counter(server.ask(*request) for request in every_public_request())
    assert {200, 302, 400, 403, 404} <= statuses.keys()
    assert 500 not in statuses
    assert list(server.cached())
    assert not [entry for entry in server.cached() if traces(entry, OUTPUT_MARKS)]
    for text in MALFORMED:
        server.send(text)
    outputs = [server.manage("scheduler", "--once"), server.manage("backup")]
    # A few views of Wagtail fail on such requests, which must not be quoted in the log, either.
    anonymous = [server.ask(*request) for request in every_request(server.admin)]
    signed_in = [
        server.ask(*request, server.administrator + COOKIES) for request in every_request(server.admin)
    ]
    assert len(anonymous) == len(signed_in) > 600
    assert signed_in.count(200) > 150
    assert 405 in signed_in
    mails = [path.read_text() for path in server.folder.glob("mail/*")]
    assert any("editor@example.org" in mail for mail in mails)
    assert server.files_with(CLIENT_MARKS) == []
    # Break the database while the site runs.
    for path in server.folder.glob("db.sqlite3*"):
        path.write_bytes(f"no database {WORD}".encode())
    addresses = [*PATHS, *(f"{path}{PLANTED}/" for path in PATHS), *public_routes()]
    statuses = {server.get(f"{path}?q={WORD}&z={WORD}") for path in addresses}
    statuses |= {server.get(path) for path in addresses}
    assert statuses & {500, 503}
    outputs += [server.manage("scheduler", "--once"), server.manage("db_worker", seconds=8)]
    log = server.log.read_text()
    assert "Traceback" in log
    assert "A malformed request was refused." in log
    failed = re.findall(r"^.*(?:Internal Server Error|Service Unavailable).*$", log, re.MULTILINE)
    assert failed
    assert [line for line in failed if not re.search(r" \[[0-9a-f]{8}\] ", line)] == []
    assert [traces(output, OUTPUT_MARKS) for output in (log, *outputs, *mails)] == [[]] * (
        1 + len(outputs + mails)
    )
