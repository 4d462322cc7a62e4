import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Puts back what `backup` packed. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if connection.vendor != "sqlite":
            raise CommandError("This restores SQLite. For PostgreSQL use pg_restore.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        media = Path(settings.MEDIA_ROOT)
        media.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media.parent) as scratch:
            unpack(file, scratch)
            restored = sqlite3.connect(Path(scratch) / "db.sqlite3")
            try:
                connection.ensure_connection()
                restored.backup(connection.connection)
            finally:
                restored.close()
                connection.close()
            if (Path(scratch) / "media").exists():
                shutil.rmtree(media, ignore_errors=True)
                (Path(scratch) / "media").rename(media)
        self.stdout.write("Restored.")


def unpack(file, folder):
    """Unpack a backup, and refuse what is none."""
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise CommandError(f"{file} is no backup: {error}") from error
    if not (Path(folder) / "db.sqlite3").is_file():
        raise CommandError(f"{file} is no backup: it holds no database.")
