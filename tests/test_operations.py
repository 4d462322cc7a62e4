"""The commands in the documentation work, and a server leaves no traces on the machine."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db import connection

from leadwatch import data_folder
from tests.support.copies import copy_database
from tests.support.postgres import free_port
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)*)`|^ {4}(\S.*)$", re.MULTILINE)


def command_lines():
    """Yield each command in the documentation, as a document and a list of words."""
    for document in DOCUMENTS:
        for match in CODE.finditer(FENCED.sub("", document.read_text())):
            words = " ".join((match[1] or match[2]).split()).split(" ")
            if any(word.endswith(("manage.py", "gunicorn")) for word in words) and len(words) > 1:
                yield document.relative_to(ROOT), words


def test_commands_are_run_in_one_way():
    lines = list(command_lines())
    assert len(lines) > 10
    for document, words in lines:
        line = f"{document}: {shlex.join(words)}"
        if words[0] == ".venv/bin/gunicorn":
            assert words[1] == "leadwatch.wsgi", line
        else:
            assert words[:2] == [".venv/bin/python", "manage.py"], line
            assert words[2] in get_commands(), line


def test_documented_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        for target in re.findall(r"`make ([a-z-]+)", document.read_text()):
            assert target in targets, f"{document}: make {target}"


class Server:
    """The site in production, in a folder whose files were readable by everybody before."""

    def __init__(self, folder):
        self.folder, self.log = folder / "data", folder / "log"
        self.folder.mkdir()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environment = copy_database(self.folder) | {
            "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
        }
        for path in self.folder.iterdir():
            path.chmod(0o644)
        self.process = subprocess.Popen(
            [
                Path(sys.executable).with_name("gunicorn"),
                "leadwatch.wsgi",
                f"--bind={self.url[7:]}",
                "--workers=1",
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )
        wait_until(self.is_up)

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        return self.ask("/healthz") == 200

    def ask(self, path, body=None, **headers):
        """Return the status of a response, or None without one."""
        try:
            request = urllib.request.Request(self.url + path, body, headers)
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    # Other users could not open a folder of pytest's.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with django_db_blocker.unblock():
            server = Server(Path(folder))
        yield server
        server.stop()


def test_an_unknown_host_is_refused_without_logging(server):
    before = server.log.read_text()
    for path in ("/", "/search/?q=planted", "/admin/"):
        assert server.ask(path, Host="unknown.example") == 400
    assert server.log.read_text() == before


def test_a_request_that_django_refuses_logs_one_line(server):
    before = server.log.read_text()
    form = b"&".join([b"planted=1"] * 10_001)
    assert server.ask("/admin/login/", form, Cookie=f"csrftoken={'a' * 32}") == 400
    (line,) = server.log.read_text().removeprefix(before).splitlines()
    assert "django.security.TooManyFieldsSent" in line
    assert "planted" not in line


WRITE = """
from tests.support import factories
factories.make_home()
factories.make_image().get_rendition("width-10")
factories.make_file()
"""
# Compressing the files of the admin would take most of the time.
COLLECT = ["collectstatic", "--noinput", "--ignore", "wagtail*"]
WRITERS = (["shell", "-c", WRITE], ["backup"], COLLECT, ["scheduler", "--once"])


def test_only_the_sites_user_can_read_its_files(server):
    assert server.ask("/sitemap.xml") == 200
    with closing(sqlite3.connect(server.folder / "db.sqlite3")) as database:
        # SQLite keeps its log as long as somebody is connected.
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for words in WRITERS:
            command = [sys.executable, "manage.py", *words]
            subprocess.run(command, cwd=ROOT, env=server.environment, check=True, stdout=subprocess.DEVNULL)
        modes = {path: path.stat().st_mode for path in server.folder.rglob("*")}
    assert [path for path, mode in modes.items() if mode & 0o077] == []
    there = {path.name for path in modes if path.parent == server.folder}
    written = {"background", "backups", "cache", "media", "static"}
    if connection.vendor == "sqlite":
        written |= {"db.sqlite3", "db.sqlite3-wal"}
    assert written <= there


def test_another_user_of_the_machine_can_open_nothing(server):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("Only root can act as another user.")
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    def found(*words):
        command = [*other, "find", server.folder.parent, *words, "(", "-readable", "-o", "-writable", ")"]
        return subprocess.run(command, capture_output=True, text=True).stdout.split()

    assert found("-maxdepth", "0") == [str(server.folder.parent)]
    assert found("-mindepth", "1", "!", "-name", "log") == []


def test_a_running_server_locks_its_folder(server):
    assert data_folder.settings_in_use(server.folder) == "leadwatch.settings.production"
