"""With `run_site`, readers depend neither on background processes nor on other clients."""

import os
import re
import select
import signal
import socket
import sqlite3
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support.copies import ROOT, CopiedSite
from tests.support.processes import children_of, is_running
from tests.support.waiting import wait_until

# The site's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db


class Site(CopiedSite):
    def __init__(self, folder):
        super().__init__(folder)
        self.start(command=[sys.executable, "manage.py", "run_site", "--set-up", f"--port={self.port}"])
        # On the first request, Wagtail creates the rows for the site's settings.
        self.ask("/search/")

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("/readyz/background")
        except OSError:
            return False

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return answer.read().decode()

    def connect(self, *lines):
        """Open a connection to the site, and send data."""
        client = socket.create_connection(("127.0.0.1", self.port))
        client.sendall("\r\n".join(lines).encode())
        return client

    def processes(self, parent=None):
        """Return the IDs of all descendants of a process by command line."""
        found = {}
        for child in children_of(parent or self.process.pid):
            # It may have ended meanwhile.
            with suppress(OSError):
                words = Path(f"/proc/{child}/cmdline").read_bytes().decode().replace("\0", " ")
                found |= {child: words} | self.processes(child)
        return found

    def process_of(self, word):
        return next((number for number, words in self.processes().items() if word in words), None)


@pytest.fixture(scope="module")
def site(copy_site):
    if sys.platform != "linux":
        pytest.skip("Processes are looked up as Linux has them.")
    site = copy_site(Site)
    yield site
    site.stop()


def sign_ins(site, count):
    """Return requests that begin a transaction, and therefore wait for the database."""
    answer = urllib.request.urlopen(f"{site.url}/admin/login/")
    (cookie,) = re.findall(r"csrftoken=\w+", answer.headers["Set-Cookie"])
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    for number in range(count):
        # Different accounts, since tries at one are limited.
        form = f"csrfmiddlewaretoken={token}&username=a{number}&password=b"
        yield (
            *("POST /admin/login/ HTTP/1.1", f"Host: 127.0.0.1:{site.port}", f"Cookie: {cookie}"),
            *("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}", "", form),
        )


def have_answers(clients):
    return select.select(clients, [], [], 0)[0]


def test_readers_wait_neither_for_writers_nor_for_slow_connections(site):
    requests = list(sign_ins(site, 32))
    database = sqlite3.connect(site.folder / "db.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    writers = [site.connect(*request) for request in requests]
    slow = [site.connect(*lines) for lines in [[""], ["G"], ["GET / HTTP/1.1", "Host: 127.0.0.1", "A"]] * 67]
    for _time in range(3):
        assert "</html>" in site.ask("/search/")
        assert site.ask("/healthz") == "ok"
        for client in slow[1:]:
            client.sendall(b"E")
    waiting = not have_answers(writers + slow)
    database.execute("ROLLBACK")
    assert waiting
    for writer in writers:
        assert writer.recv(12) == b"HTTP/1.1 200"
    slow[2].sendall(b": b\r\n\r\n")
    assert slow[2].recv(12) == b"HTTP/1.1 200"
    for client in writers + slow:
        client.close()


def test_readers_do_not_wait_for_idle_connections(site):
    request = ["GET /healthz HTTP/1.1", f"Host: 127.0.0.1:{site.port}", "", ""]
    open_ones = [site.connect(*request) for _client in range(20)]
    for client in open_ones:
        assert client.recv(12) == b"HTTP/1.1 200"
    assert site.ask("/healthz") == "ok"
    # None of them was closed in the meantime, in whatever order the server handles them.
    assert all(client.send(b"a") for client in open_ones)
    for client in open_ones:
        client.close()


def test_the_first_account_is_printed_before_the_site_is_served(site):
    lines = [line.strip() for line in site.log.read_text().splitlines() if line.strip()]
    sign_in, account = lines.index(f"Sign in at {site.url}/admin/login/"), "as editor, with the password "
    assert lines[sign_in + 1].startswith(account)
    assert sign_in < lines.index(f"Serving the site at {site.url}. Press Ctrl-C to stop.")


def test_a_port_in_use_is_reported_immediately(site):
    with pytest.raises(CommandError, match=f"Port {site.port} can't be used: Address already in use"):
        call_command("run_site", port=site.port)


@pytest.mark.parametrize("command", ["db_worker", "scheduler"])
def test_the_site_continues_without_a_background_process_which_is_restarted(site, command):
    server, fallen = site.process_of("gunicorn"), site.process_of(command)
    os.kill(fallen, signal.SIGKILL)
    assert site.ask("/healthz") == "ok"
    wait_until(lambda: site.process_of(command) not in {None, fallen})
    assert site.process_of("gunicorn") == server


def test_no_process_is_left_when_the_site_is_killed(site):
    processes = site.processes()
    assert len(processes) == 5
    site.process.kill()
    wait_until(lambda: not any(map(is_running, processes)))
    with pytest.raises(ConnectionRefusedError):
        site.connect("")


class DevelopmentSite(Site):
    def __init__(self, folder):
        CopiedSite.__init__(self, folder, DJANGO_SETTINGS_MODULE="leadwatch.settings.dev")
        self.start(command=[sys.executable, "manage.py", "run_site", f"--port={self.port}"])


@pytest.fixture(scope="module")
def development_site(copy_site):
    site = copy_site(DevelopmentSite)
    yield site
    site.stop()


def test_in_development_processes_start_as_forks_and_the_server_anew_when_code_changes(development_site):
    site = development_site
    site.ask("/search/")
    command = Path(f"/proc/{site.process.pid}/cmdline").read_text().replace("\0", " ")
    assert [*site.processes().values()] == [command] * 3
    os.utime(ROOT / "leadwatch" / "urls.py")
    wait_until(lambda: site.process_of("runserver"))
    wait_until(site.is_up)
    assert "will be restarted" not in site.log.read_text()
