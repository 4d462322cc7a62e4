"""
A backup: a compressed tar file with the database, the media, and a list of all its files with their hashes.

The list comes last, so an archive that ends too early has none.
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing, suppress
from urllib.parse import quote

from django.utils import timezone

FORMAT = 1
DATABASE, MEDIA, MANIFEST = "db.sqlite3", "media", "manifest.json"


class BackupError(Exception):
    """A backup cannot be made or used. The message says why in a sentence."""


def make_backup(database, media, folder):
    """Pack a database and its media into a file. Return its path and the number of dangling foreign keys."""
    if not database.is_file():
        raise BackupError(f"There is no database {database}. Is DATA_DIR set as it is for the site?")
    with closing(open_database(database)) as live:
        check_is_ours(live)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{timezone.localtime():%Y-%m-%d-%H%M%S}.tar.gz"
        with tempfile.TemporaryDirectory(dir=folder, prefix="unfinished-") as scratch:
            copy, unfinished = os.path.join(scratch, DATABASE), os.path.join(scratch, target.name)
            dangling = copy_database(live, copy)
            with open(unfinished, "xb") as file:
                with tarfile.open(fileobj=file, mode="w:gz") as archive:
                    pack(archive, copy, media, dangling)
                file.flush()
                os.fsync(file.fileno())
            # Only complete backups get their final name.
            os.rename(unfinished, target)
    return target, dangling


def pack(archive, database, media, dangling):
    files = {DATABASE: add(archive, database, DATABASE)}
    for parent, _folders, names in os.walk(media):
        for name in names:
            path = os.path.join(parent, name)
            inside = os.path.join(MEDIA, os.path.relpath(path, media))
            # An editor may delete a file in the meantime.
            if os.path.isfile(path) and (entry := add(archive, path, inside)):
                files[inside] = entry
    manifest = {"format": FORMAT, "made": timezone.now().isoformat(), "dangling": dangling, "files": files}
    content = json.dumps(manifest, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def add(archive, path, name):
    """Add a file as it is now. Return its entry in the manifest, or None if it is gone."""
    # Copy it first, since the file may grow or shrink while it is packed.
    with tempfile.SpooledTemporaryFile(32_000_000, dir=os.path.dirname(archive.name)) as copy:
        try:
            with open(path, "rb") as file:
                digest, size = copy_hashed(file, copy)
                modified = int(os.fstat(file.fileno()).st_mtime)
        except FileNotFoundError:
            return None
        copy.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mtime = size, modified
        archive.addfile(info, copy)
    return {"size": size, "sha256": digest}


def copy_hashed(source, target):
    """Copy a file. Return its SHA-256 and its size."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(1 << 20):
        digest.update(block)
        size += len(block)
        target.write(block)
    return digest.hexdigest(), size


def open_database(path, options="mode=rw"):
    """Open an existing database. `sqlite3.connect` alone would create an empty one."""
    return sqlite3.connect(f"file:{quote(str(path))}?{options}", uri=True, timeout=20)


def copy_database(live, path):
    """Copy a database, even during writes. Return the number of dangling foreign keys."""
    with closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        forget_passing(copy)
        return check_whole(copy)


def forget_passing(database):
    """
    Delete queued mails, which would be sent a second time after a restore, counters of tries, and sessions,
    with which whoever has the backup could act as the people who are signed in.
    """
    database.execute("PRAGMA secure_delete=ON")
    for table in ("django_session", "home_outgoingmail", "home_trycounter"):
        # An older database doesn't have each table.
        with suppress(sqlite3.OperationalError), database:
            database.execute(f"DELETE FROM {table}")


def check_whole(database):
    """Let SQLite check every page and row. Return the number of dangling foreign keys."""
    try:
        verdict = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        dangling = len(database.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.Error as error:
        raise BackupError(f"The database is damaged: {error}.") from error
    if verdict != "ok":
        raise BackupError(f"The database is damaged: {' '.join(verdict.split())}.")
    return dangling


def check_is_ours(database):
    """Refuse a database that is empty or not of this site."""
    try:
        is_ours = database.execute(
            "SELECT 1 FROM django_migrations WHERE app = 'home' AND name = '0001_initial'"
        ).fetchone()
        has_pages = is_ours and database.execute("SELECT 1 FROM home_homepage").fetchone()
    except sqlite3.DatabaseError as error:
        if "no such table" not in str(error):
            raise BackupError(f"The database cannot be read: {error}.") from error
        is_ours = has_pages = None
    if not has_pages:
        raise BackupError(
            "The database contains no home page." if is_ours else "The database is not one of this site."
        )
