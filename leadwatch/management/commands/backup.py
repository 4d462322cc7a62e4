import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from leadwatch.backups.archives import BackupError, make_backup


class Command(BaseCommand):
    help = "Packs database and media into one dated file, while the site runs."
    requires_system_checks = []

    def handle(self, **options):
        if connection.vendor != "sqlite":
            raise CommandError("This backs up SQLite. For PostgreSQL use pg_dump, and copy the media folder.")
        try:
            target, dangling = make_backup(
                database=Path(settings.DATABASES["default"]["NAME"]),
                media=Path(settings.MEDIA_ROOT),
                folder=settings.DATA_DIR / "backups",
            )
        except BackupError as error:
            raise CommandError(f"No backup was made. {error}") from error
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(f"No backup was made: {reason}.") from error
        if dangling:
            self.stderr.write(f"{dangling} rows of the database refer to rows that do not exist.")
        if settings.STORAGES["default"]["BACKEND"].startswith("storages."):
            self.stderr.write("The media are in a bucket, and not in the backup.")
        self.stdout.write(f"{target}")
