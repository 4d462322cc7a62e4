import tempfile
import time
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
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
        with archives.told("No backup was made"):
            self.source.check_site()
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="unfinished-") as scratch:
                self.make(Path(scratch) / archives.DATABASE)
        # Both are tried: the copy counts most when the disk here is damaged.
        failures = self.finish("Old backups were not deleted and checked", "complete", self.look_after)
        if restic.copies_elsewhere():
            failures += self.finish("It was not copied elsewhere", "copied", self.copy_elsewhere)
        if failures:
            raise CommandError(f"The backup was made, but not everything worked. {' '.join(failures)}")

    def finish(self, failure, name, step):
        """Do a step after the backup, and touch a file, whose time the site's health depends on."""
        try:
            step()
        except Exception as error:
            return [f"{failure}: {error}"]
        (self.folder / name).touch()
        return []

    @property
    def folder(self):
        return Path(settings.DATA_DIR) / "backups"

    @property
    def source(self):
        """The module that knows the kind of database."""
        return postgres if connection.vendor == "postgresql" else sqlite

    def make(self, database):
        self.source.copy_site(database)
        dangling = sqlite.finish_copy(database)
        if restic.is_set_up():
            restic.store(partial(archives.write, database=database, dangling=dangling))
            self.stdout.write("The backup was stored.")
        else:
            self.stdout.write(f"{archives.save(self.folder, database, dangling)}")
        if dangling:
            self.stderr.write(f"{dangling} rows of the database refer to rows that do not exist.")

    def copy_elsewhere(self):
        restic.copy_elsewhere()
        self.stdout.write("It was copied elsewhere, too.")

    def look_after(self):
        """
        Delete archives that would outlive the promise made to those who write to the site, and what a backup
        that was killed has left. restic does the same for its own.
        """
        if restic.is_set_up():
            restic.tidy(restic.HERE)
        for path in [*self.folder.glob("*.tar.gz"), *self.folder.glob("unfinished-*/*")]:
            if time.time() - path.stat().st_mtime > KEEP:
                path.unlink()
