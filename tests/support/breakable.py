"""A served site whose disk can be filled or made read-only, and what its visitors see."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress

import pytest
import urllib3
from bs4 import BeautifulSoup

from home.forms.contact import SHORTEST_WRITING
from tests.support.copies import ROOT, CopiedSite
from tests.support.editing import Client, Editor

# `make faults` sets FAULTS.
IS_LONG = bool(os.environ.get("FAULTS"))
# Seconds within which the site recovers.
SOON = 5
# Seconds for which a writer waits for another one: as in production, or less, so that the tests wait less.
PATIENCE = 20 if IS_LONG else 8
CONTENT = """
import json
from tests.support import editing
from tests.support.pages import PAGE_TYPES, make_neighbors
make_neighbors()
urls = [make().url for make, _queries in PAGE_TYPES.values()]
editing.fill()
print(json.dumps(urls))
"""


class Site(CopiedSite):
    """Has a disk of its own, if mounting is allowed here."""

    def __init__(self, folder, **variables):
        mount = ["mount", "-t", "tmpfs", "-o", "size=100M", "tmpfs", folder]
        self.has_disk = subprocess.run(mount, capture_output=True).returncode == 0
        super().__init__(folder, PATIENCE=str(PATIENCE), **variables)
        self.usual = self.environment
        self.http = urllib3.PoolManager(timeout=60, retries=False, maxsize=20)
        self.paths = [*json.loads(self.run(CONTENT).splitlines()[-1]), "/feed/", "/timeline/embed/"]
        self.start("--log-level=error")
        # On the first visit, rows for the site's settings are written.
        assert self.statuses() == {200}
        self.forms = [self.filled_in(number) for number in range(10)]
        self.forms_are_ready = time.monotonic() + SHORTEST_WRITING + 1

    def restart(self, **variables):
        """Start the server again, with these environment variables besides the usual ones."""
        self.process.terminate()
        self.process.wait()
        self.environment = self.usual | variables
        self.start("--log-level=error")

    def ask(self, path, form=None):
        return self.http.request(
            "GET" if form is None else "POST", self.url + path, fields=form, redirect=False
        )

    def statuses(self):
        return {self.ask(path).status for path in self.paths}

    def pages(self):
        return {path: self.ask(path).data for path in self.paths if path != "/contact/"}

    def filled_in(self, number):
        """Return the URL and the fields of the contact form, filled in."""
        form = BeautifulSoup(self.ask("/contact/").data, "html.parser").select_one("main form[method=post]")
        fields = {field["name"]: field.get("value", "") for field in form.select("[name]")}
        return form["action"], fields | {"your_message": f"Message {number}"}

    def message(self):
        """Return a form that a visitor has had open for long enough."""
        time.sleep(max(0, self.forms_are_ready - time.monotonic()))
        return self.forms.pop()

    def stored(self):
        """Return the texts of all messages."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            rows = database.execute("SELECT form_data ->> 'your_message' FROM home_contactmessage")
            return [text for (text,) in rows]

    def editor(self):
        """Return somebody who has signed in, and edits the event."""
        client = Client(self.url, self.folder)
        client.sign_in()
        return Editor(client)

    def manage(self, *words):
        """Run a management command. Return how it ended."""
        return self.call([sys.executable, "manage.py", *words])

    def call(self, command):
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)

    def forget_pages(self):
        for path in self.folder.glob("cache/*.djcache"):
            path.unlink()

    @contextmanager
    def full_disk(self):
        self.need_disk()
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        try:
            yield
        finally:
            filler.unlink()

    @contextmanager
    def read_only_disk(self):
        self.need_disk()
        subprocess.run(["mount", "--bind", self.folder, self.folder], check=True)
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", self.folder], check=True)
            yield
        finally:
            # The site keeps a connection for reading open.
            subprocess.run(["umount", "--lazy", self.folder], check=True)

    def need_disk(self):
        if not self.has_disk:
            pytest.skip("Mounting is not allowed here.")

    def stop(self):
        super().stop()
        if self.has_disk:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


def is_apology(response):
    """Return whether a response says that the site is unavailable for now, and has the exit button."""
    html = response.data.decode()
    is_told = response.status == 503 and response.headers["Retry-After"] == "60"
    return is_told and "temporarily unavailable" in html and "data-exit-link" in html


@contextmanager
def within(seconds):
    """Fail if the block takes longer."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds
