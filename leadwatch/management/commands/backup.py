import tempfile
import time
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from leadwatch.backups import archives, postgres, restic, sqlite

# Seconds after which an archive is deleted: 30 days, less the one until the next backup.
KEEP = 29 * 24 * 3600


class Command(BaseCommand):
    help = (
        "Backs up database and media, while the site runs: to restic if RESTIC_REPOSITORY is set, and "
        "otherwise to a dated file in DATA_DIR/backups."
    )
    requires_system_checks = []

    def handle(self, **options):
        folder = Path(settings.DATA_DIR) / "backups"
        with archives.told("No backup was made"):
            self.source.check_site()
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix="unfinished-") as scratch:
                self.make(folder, Path(scratch) / archives.DATABASE)
        with archives.told("The backup was made, but not everything worked"):
            if restic.is_set_up():
                restic.look_after()
            self.remove_old(folder)
        # Its time is that of the last backup. leadwatch/health.py reads it.
        (folder / "complete").touch()

    @property
    def source(self):
        """The module that knows the kind of database."""
        return postgres if connection.vendor == "postgresql" else sqlite

    def make(self, folder, database):
        self.source.copy_site(database)
        dangling = sqlite.finish_copy(database)
        if restic.is_set_up():
            restic.store(partial(archives.write, database=database, dangling=dangling))
            self.stdout.write("The backup was stored.")
        else:
            self.stdout.write(f"{archives.save(folder, database, dangling)}")
        if dangling:
            self.stderr.write(f"{dangling} rows of the database refer to rows that do not exist.")

    def remove_old(self, folder):
        """
        Delete archives that would outlive the promise made to those who write to the site, and what a backup
        that was killed has left.
        """
        for path in [*folder.glob("*.tar.gz"), *folder.glob("unfinished-*/*")]:
            if time.time() - path.stat().st_mtime > KEEP:
                path.unlink()
