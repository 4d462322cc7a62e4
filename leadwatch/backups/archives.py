"""
A backup: a tar file with the database, the media, the kept copies of sources, and a list of all its files
with their hashes.

The database is always SQLite's, whatever the site runs on, so that a backup can be restored on each. The list
comes last, so an archive that ends too early has none.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.utils import timezone

from home.copies.storage import CopiesStorage
from leadwatch.backups.media import media_names

FORMAT = 1
DATABASE, MEDIA, COPIES, MANIFEST = "db.sqlite3", "media", "copies", "manifest.json"


class BackupError(Exception):
    """A backup cannot be made or used. The message says why in a sentence."""


@contextmanager
def told(failure):
    """Let a command that fails within the block say what has failed, and why."""
    try:
        yield
    except BackupError as error:
        raise CommandError(f"{failure}. {error}") from error
    except Exception as error:
        raise CommandError(f"{failure}: {getattr(error, 'strerror', None) or error}.") from error


def save(folder, database, dangling):
    """Save a backup as a dated file in a folder. Return its path."""
    target = folder / f"{timezone.localtime():%Y-%m-%d-%H%M%S}.tar.gz"
    unfinished = database.parent / target.name
    with unfinished.open("xb") as file:
        # Most of it is images, which nothing compresses further.
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as stream:
            write(stream, database, dangling)
        file.flush()
        os.fsync(file.fileno())
    # Only complete backups get their final name.
    unfinished.rename(target)
    return target


def write(stream, database, dangling):
    """Write a backup, as a tar file that is not compressed."""
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        files = {DATABASE: add(archive, partial(database.open, "rb"), DATABASE)}
        for folder, storage in ((MEDIA, default_storage), (COPIES, CopiesStorage())):
            for name in media_names(storage=storage):
                inside = os.path.join(folder, name)
                # An editor may delete a file in the meantime.
                if entry := add(archive, partial(storage.open, name), inside):
                    files[inside] = entry
        made = timezone.now().isoformat()
        manifest = {"format": FORMAT, "made": made, "dangling": dangling, "files": files}
        content = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))


def add(archive, open_file, name):
    """Add a file as it is now. Return its entry in the manifest, or None if it is gone."""
    # Copy it first, since the file may grow or shrink while it is packed.
    with tempfile.SpooledTemporaryFile(32_000_000, dir=settings.DATA_DIR / "backups") as copy:
        try:
            with open_file() as file:
                digest, size = copy_hashed(file, copy)
        except FileNotFoundError:
            return None
        copy.seek(0)
        info = tarfile.TarInfo(name)
        info.size = size
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
