"""The commands for backup and restore, run in separate processes on a separate data folder."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, site_database):
    """Create a data folder with two tables that always change together, and an image."""
    (tmp_path / "db.sqlite3").write_bytes(site_database)
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE debit (amount INTEGER)")
        database.execute("CREATE TABLE credit (amount INTEGER)")
        database.execute("INSERT INTO debit VALUES (1)")
        database.execute("INSERT INTO credit VALUES (1)")
    database.close()
    pictures = tmp_path / "media" / "images"
    pictures.mkdir(parents=True)
    (pictures / "street.jpg").write_bytes(b"a street")
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "story.warc.gz").write_bytes(b"a story")
    return tmp_path


def manage(folder, *arguments):
    """Return the output of a management command on this data folder."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, Path(settings.BASE_DIR) / "manage.py", *arguments],
        env=environment | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def rows(folder):
    """Return the rows of both tables."""
    database = sqlite3.connect(folder / "db.sqlite3", timeout=20)
    try:
        return [
            [amount for (amount,) in database.execute(f"SELECT amount FROM {table}")]
            for table in ("debit", "credit")
        ]
    finally:
        database.close()


def write(folder, stop):
    database = sqlite3.connect(folder / "db.sqlite3", timeout=20)
    while not stop.is_set():
        with database:
            database.execute("INSERT INTO debit VALUES (2)")
            database.execute("INSERT INTO credit VALUES (2)")
    database.close()


def test_lost_data_is_restored_with_its_images_and_copies(folder):
    before = rows(folder)
    backup = manage(folder, "backup")
    assert backup.returncode == 0, backup.stderr
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute("DELETE FROM debit")
    database.close()
    (folder / "media" / "images" / "street.jpg").unlink()
    (folder / "media" / "images" / "later.jpg").write_bytes(b"later")
    (folder / "copies" / "story.warc.gz").write_bytes(b"another story")
    (folder / "copies" / "later.warc.gz").write_bytes(b"later")
    restored = manage(folder, "restore", backup.stdout.strip())
    assert restored.returncode == 0, restored.stderr
    assert rows(folder) == before
    assert [path.name for path in (folder / "media" / "images").iterdir()] == ["street.jpg"]
    assert [(path.name, path.read_bytes()) for path in (folder / "copies").iterdir()] == [
        ("story.warc.gz", b"a story")
    ]


def test_a_backup_is_consistent_while_data_is_written(folder):
    stop = threading.Event()
    writer = threading.Thread(target=write, args=(folder, stop))
    writer.start()
    try:
        backup = manage(folder, "backup")
    finally:
        stop.set()
        writer.join()
    assert backup.returncode == 0, backup.stderr
    assert manage(folder, "restore", backup.stdout.strip()).returncode == 0
    debits, credits = rows(folder)
    assert len(debits) > 1
    assert debits == credits


def test_a_file_that_is_not_a_backup_is_refused_and_changes_nothing(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "holiday.tar.gz"
    other.write_bytes(b"no archive")
    before = rows(folder)
    for file in (other, other.with_name("missing.tar.gz")):
        refused = manage(folder, "restore", str(file))
        assert refused.returncode == 1
        assert file.name in refused.stderr
        assert "Traceback" not in refused.stderr
    assert rows(folder) == before


@pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")
def test_a_copy_elsewhere_that_fails_costs_no_backup_here(folder, tmp_path_factory, monkeypatch):
    places = tmp_path_factory.mktemp("places")
    (places / "password").write_text("a password")
    monkeypatch.setenv("RESTIC_REPOSITORY", str(places / "here"))
    monkeypatch.setenv("RESTIC_REPOSITORY_2", "/proc/nowhere")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(places / "password"))
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(places / "cache"))
    failed = manage(folder, "backup")
    assert failed.returncode == 1
    assert "The backup was made, but not everything worked. It was not copied elsewhere: " in failed.stderr
    assert "Traceback" not in failed.stderr
    assert (folder / "backups" / "complete").exists()
    assert not (folder / "backups" / "copied").exists()
    monkeypatch.setenv("RESTIC_REPOSITORY_2", str(places / "elsewhere"))
    assert manage(folder, "backup").returncode == 0
    assert (folder / "backups" / "copied").exists()
    assert manage(folder, "restore", "--elsewhere", "latest").returncode == 0
    # A place elsewhere helps when the disk here is damaged.
    for path in (places / "here" / "data").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"damaged")
    (folder / "backups" / "complete").unlink()
    damaged = manage(folder, "backup")
    assert damaged.returncode == 1
    assert not (folder / "backups" / "complete").exists()
