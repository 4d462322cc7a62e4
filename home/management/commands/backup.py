import sqlite3
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    help = "Packs database and media into one dated file, while the site runs."

    def handle(self, **options):
        if connection.vendor != "sqlite":
            raise CommandError("This backs up SQLite. For PostgreSQL use pg_dump, and copy the media folder.")
        folder = Path(settings.DATA_DIR) / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{timezone.localtime():%Y-%m-%d-%H%M%S}.tar.gz"
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            copy = Path(scratch) / "db.sqlite3"
            copy_database(copy)
            unfinished = Path(scratch) / target.name
            with tarfile.open(unfinished, "w:gz") as archive:
                archive.add(copy, "db.sqlite3")
                if Path(settings.MEDIA_ROOT).exists():
                    archive.add(settings.MEDIA_ROOT, "media")
            # Under its name there is only ever a whole backup.
            unfinished.rename(target)
        self.stdout.write(f"{target}")


def copy_database(target):
    """Copy the live database by SQLite's own backup, which is whole even while somebody writes."""
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
        if (verdict := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise CommandError(f"The copy is damaged: {verdict}")
    finally:
        copy.close()
