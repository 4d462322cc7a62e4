"""
The site is installed, upgraded and removed in a folder of this machine, with the commands of its units.

A release that fails is left again, and readers notice nothing. Debian's packages, the user and nginx are left
out; packages of Python are those of the tests.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import threading
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from tests.support.copies import copy_database
from tests.support.postgres import free_port
from tests.support.systemd import Systemd, folder_of

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="not root"),
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
]

ROOT = Path(__file__).parents[2]
NAME = "leadwatch.example.org"
READERS = 50
# Instead of installing packages, it links to those of the tests.
UV = """#!/bin/sh
[ "$1" = pip ] || ln -s '{venv}' "$5"
"""
# The new release answers as the file "mood" says: it works, fails when it is tried, or only when it serves.
NEW = """
import os
mood = settings.DATA_DIR / "mood"
def readyz(request, **options):
    wanted = mood.read_text() if mood.exists() else ""
    now = "tried" if os.environ.get("WEB_CONCURRENCY") == "1" else "serving"
    return plain("broken" if wanted == now else "ok", 503 if wanted == now else 200)
def healthz(request):
    return plain("new")
"""


class Machine:
    """A folder with the site, as `deploy/install --root` makes it."""

    def __init__(self, folder):
        self.root, self.port, self.failures = folder / "root", free_port(), Counter()
        self.base, self.data = self.root / "srv" / "leadwatch", self.root / "srv" / "leadwatch" / "data"
        self.data.mkdir(parents=True)
        copy_database(self.data)
        secrets = self.root / "etc" / "leadwatch"
        secrets.mkdir(parents=True)
        (secrets / "production.env").write_text(
            f"SECRET_KEY={os.urandom(40).hex()}\nBASE_URL=https://{NAME}\nALLOWED_HOSTS={NAME}\nPORT={self.port}\n"
            f"EMAIL_URL=dummymail://\nDATA_DIR={self.data}\nSTATIC_DIR=.static\n"
        )
        (folder / "uv").write_text(UV.format(venv=Path(sys.executable).parent.parent))
        (folder / "uv").chmod(0o755)
        self.systemd = Systemd(self.root / "etc" / "systemd" / "system")
        self.environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "SYSTEMCTL": str(self.systemd.systemctl),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *words, source=ROOT):
        command = [source / "deploy" / words[0], *words[1:]]
        environment = self.environment | {"ROOT": str(self.root)}
        ended = subprocess.run(
            command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
        )
        return ended.returncode, ended.stdout + ended.stderr

    def current(self):
        """Return the release that the link names, and that all processes run."""
        release = (self.base / "current").resolve()
        assert {folder_of(process) for process in self.systemd.running.values()} == {release}
        return release

    def read(self, path):
        headers = {"Host": NAME, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def read_until(self, ended, counts):
        while not ended.wait(2):
            try:
                counts[self.read("/healthz")] += 1
                counts[bool(self.read("/timeline/"))] += 1
            except OSError as error:
                self.failures[repr(error)] += 1

    def run_while_read(self, *words):
        """Run a script while people read. Return its status, its output, and the answers that were read."""
        ended, counts = threading.Event(), Counter()
        readers = [threading.Thread(target=self.read_until, args=(ended, counts)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            return *self.run(*words), counts
        finally:
            ended.set()
            for reader in readers:
                reader.join()


def everything_in(folder):
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in folder.rglob("*")}


@pytest.fixture
def machine(django_db_setup, django_db_blocker, tmp_path):
    # The site's database starts as a copy of the test database.
    with django_db_blocker.unblock():
        machine = Machine(tmp_path)
    yield machine
    machine.systemd.close()


@pytest.fixture
def archive(tmp_path):
    """Return an archive with a new release, as from a hosting service for code."""
    path = tmp_path / "new.tar.gz"
    ignored = shutil.ignore_patterns(
        ".*", "var", "__pycache__", "tests", "docs", "node_modules", "production.env"
    )
    new = shutil.copytree(ROOT, tmp_path / "site-new", ignore=ignored)
    with (new / "leadwatch" / "views.py").open("a") as views:
        views.write(NEW)
    with tarfile.open(path, "w:gz") as file:
        file.add(new, "site-new")
    return path


def test_readers_notice_no_upgrade_and_no_return(machine, archive):
    status, said = machine.run("install", NAME, "--root", machine.root)
    assert status == 0, said
    assert said.count("as editor, with the password") == 1
    before = everything_in(machine.root)
    status, said = machine.run("install", NAME, "--root", machine.root)
    assert (status, "Nothing was changed" in said) == (0, True), said
    assert everything_in(machine.root) == before

    assert machine.systemd.do(
        "restart", "leadwatch.service", "leadwatch-tasks.service", "leadwatch-scheduler.service"
    )
    old = machine.current()
    status, said = machine.run("upgrade")
    assert "already runs this code" in said
    for mood in ("tried", "serving"):
        (machine.data / "mood").write_text(mood)
        status, said, counts = machine.run_while_read("upgrade", archive)
        assert (status, "/readyz: broken" in said) == (1, True), said
        assert f"The site runs {old.name}, as before" in said
        assert machine.current() == old
        assert machine.read("/healthz") == b"ok"
        assert len(list((machine.base / "releases").iterdir())) == 2

    (machine.data / "mood").unlink()
    status, said, counts = machine.run_while_read("upgrade", archive)
    assert status == 0, said
    assert machine.current() != old
    assert machine.read("/healthz") == b"new"
    # Somebody read before the switch, somebody after it, and nobody in vain.
    assert min(counts[b"ok"], counts[b"new"]) > 0
    assert machine.failures == {}
    # Pages that were open refer to the static files of the release before.
    kept = {path.name for path in (old / ".static" / "css").iterdir()}
    assert kept <= {path.name for path in (machine.current() / ".static" / "css").iterdir()}

    (machine.base / "backups" / "kept").touch()
    status, said = machine.run("remove")
    assert status == 0, said
    there = {str(path.relative_to(machine.root)) for path in machine.root.rglob("*") if path.is_file()}
    kept = ("srv/leadwatch/data/", "srv/leadwatch/backups/", "etc/leadwatch/")
    assert {f"{kept[0]}db.sqlite3", f"{kept[1]}kept", f"{kept[2]}production.env"} <= there
    assert [path for path in there if not path.startswith(kept)] == []
