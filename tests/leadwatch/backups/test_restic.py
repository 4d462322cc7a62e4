"""Backups in restic, with the real program."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from leadwatch.backups import restic
from leadwatch.backups.archives import BackupError
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")


@pytest.fixture(autouse=True)
def _repositories(tmp_path, monkeypatch):
    """A repository that does not exist yet."""
    (tmp_path / "password").write_text("a password")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv(restic.HERE, str(tmp_path / "here"))
    monkeypatch.delenv(restic.ELSEWHERE, raising=False)


def store(content):
    restic.store(lambda stream: stream.write(content))


def dates(repository):
    """Return the times of the stored backups, oldest first."""
    listed = json.loads(restic.run(repository, "snapshots", "--json") or "[]")
    return sorted(timezone.datetime.fromisoformat(re.sub(r"\.\d+", "", each["time"])) for each in listed)


def size(repository):
    return sum(path.stat().st_size for path in Path(os.environ[repository]).rglob("*") if path.is_file())


def test_a_stored_backup_is_read_again_from_both_repositories(tmp_path, monkeypatch):
    monkeypatch.setenv(restic.ELSEWHERE, str(tmp_path / "elsewhere"))
    store(content := secrets.token_bytes(3_000_000))
    restic.copy_elsewhere()
    for repository in (restic.HERE, restic.ELSEWHERE):
        with restic.open_backup(repository, "latest") as stream:
            assert stream.read() == content


def test_a_second_backup_adds_what_is_new():
    images = secrets.token_bytes(40_000_000)
    store(b"a database" * 1000 + images)
    first = size(restic.HERE)
    store(b"a larger database" * 1000 + images + b"a new image")
    assert size(restic.HERE) - first < 15_000_000


def test_no_backup_is_older_than_30_days():
    """The privacy page promises that messages are in backups for at most 30 days longer."""
    # The weeks are those of the calendar, so most backups are kept on a Monday.
    monday = datetime.fromisoformat("2026-02-02")
    restic.run(restic.HERE, "init")
    now, old = timezone.make_aware(monday), secrets.token_bytes(1_000_000)
    for days in (*range(9), 14, 20, 27, 29, 31, 45):
        made = (now - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
        words = ("backup", "--stdin", "--stdin-filename", restic.FILE, "--time", made)
        with restic.running(restic.HERE, *words) as program:
            program.stdin.write(old if days > 28 else f"{days} days ago".encode())
    assert size(restic.HERE) > len(old)
    restic.tidy(restic.HERE)
    ages = sorted((now - made).days for made in dates(restic.HERE))
    assert ages[:7] == list(range(7))
    # The next backup is a day away.
    assert 20 <= ages[-1] < 29
    # Eight days, and one backup for each of the weeks before them.
    assert len(ages) <= 12
    # What only they contained is gone, too.
    assert size(restic.HERE) < len(old)


def test_half_a_backup_is_not_stored():
    store(b"whole")
    with pytest.raises(OSError, match="full"):
        restic.store(fails_after(OSError("The disk is full")))
    assert len(dates(restic.HERE)) == 1


def fails_after(error):
    def write(stream):
        stream.write(b"x" * 5_000_000)
        stream.flush()
        raise error

    return write


def has_group(number):
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_backup_that_is_killed_is_not_stored_and_keeps_none_from_being_made():
    store(b"whole")
    code = (
        "import os; from leadwatch.backups import restic\n"
        "def write(stream):\n stream.write(b'x' * 5_000_000); stream.flush(); os.kill(os.getpid(), 9)\n"
        "restic.store(write)"
    )
    killed = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    assert killed.wait() == -signal.SIGKILL
    # restic is told, and ends.
    wait_until(lambda: not has_group(killed.pid))
    assert len(dates(restic.HERE)) == 1
    store(b"whole again")
    restic.tidy(restic.HERE)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RESTIC_PASSWORD_FILE", "", "RESTIC_PASSWORD_FILE is not set"),
        ("RESTIC_PASSWORD_FILE", "/dev/null", "wrong password|empty password"),
        ("RESTIC_REPOSITORY", "/proc/nowhere", "restic init"),
        ("RESTIC_REPOSITORY", "", "RESTIC_REPOSITORY is not set"),
        ("PATH", "/nowhere", "restic is not installed"),
    ],
)
def test_a_failure_has_a_reason(monkeypatch, name, value, words):
    store(b"whole")
    monkeypatch.setenv(name, value)
    with pytest.raises(BackupError, match=words):
        store(b"more")


def test_a_damaged_repository_is_noticed(monkeypatch):
    monkeypatch.setattr(restic, "PARTS", 1)
    store(secrets.token_bytes(1_000_000))
    for path in Path(os.environ[restic.HERE], "data").rglob("*"):
        if path.is_file():
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.chmod(0o600)
            path.write_bytes(content)
    with pytest.raises(BackupError, match="restic check"):
        restic.tidy(restic.HERE)
