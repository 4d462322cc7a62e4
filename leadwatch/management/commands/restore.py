import re
import shutil
from gzip import GzipFile
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management.base import BaseCommand, CommandError

from leadwatch.backups import restic
from leadwatch.backups.archives import COPIES, DATABASE, MANIFEST, MEDIA, BackupError
from leadwatch.backups.exchange import complete, put_in_place, site_at_rest
from leadwatch.backups.restores import check_database, unpack


class Command(BaseCommand):
    help = "Restores a backup and keeps the previous state. Stop the site first."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "backup",
            nargs="?",
            help='A file, or "latest" or an ID for a backup in restic. Without it, they are listed.',
        )
        parser.add_argument(
            "--elsewhere", action="store_true", help="Use restic's second repository, RESTIC_REPOSITORY_2."
        )
        parser.add_argument(
            "--without-list",
            action="store_true",
            help="Also accept a backup without a list of its files, as made by old versions.",
        )

    def handle(self, *, backup, elsewhere, without_list, **options):
        repository = restic.ELSEWHERE if elsewhere else restic.HERE
        if not backup:
            self.list_backups(repository)
            return
        stream = self.open(backup, repository)
        with site_at_rest(f"{backup} was not restored") as scratch:
            missing = self.check(stream, scratch, without_list)
            self.forget_pages(Path(settings.DATA_DIR))
            kept = put_in_place(scratch)
        self.stdout.write(f"Restored. {kept}")
        if missing:
            self.stdout.write(
                "The backup is of an older version. Before you start the site, run:\n"
                "  .venv/bin/python manage.py migrate"
            )

    def list_backups(self, repository):
        try:
            self.stdout.write(restic.snapshots(repository))
        except BackupError as error:
            raise CommandError(f"{error}") from error
        self.stdout.write("To restore one: .venv/bin/python manage.py restore ID")

    def open(self, backup, repository):
        """Return a context manager that opens a backup for reading."""
        if Path(backup).is_file():
            return GzipFile(backup)
        if not re.fullmatch("latest|[0-9a-f]{8,64}", backup):
            raise CommandError(f"There is no file {backup}.")
        return restic.open_backup(repository, backup)

    def check(self, opened, scratch, without_list):
        """Unpack a backup to a folder and check it. Return the migrations that it needs."""
        with opened as stream:
            manifest = unpack(stream, scratch)
        if manifest is None:
            if not without_list:
                raise BackupError(
                    "It has no list of its files, so it may be incomplete. If an old version of the site "
                    "made it, add --without-list to the command."
                )
            self.stderr.write("The backup has no list of its files, so images may be missing.")
        missing = check_database(scratch / DATABASE, manifest["dangling"] if manifest else 0)
        (scratch / MANIFEST).unlink(missing_ok=True)
        (scratch / MEDIA).mkdir(exist_ok=True)
        # Older backups have none.
        (scratch / COPIES).mkdir(exist_ok=True)
        return complete(scratch, missing)

    def forget_pages(self, folder):
        """Clear the page cache, which contains pages of the old state."""
        shutil.rmtree(folder / "cache", ignore_errors=True)
        for name in settings.CACHES:
            try:
                caches[name].clear()
                # Our backends hide errors, so check that a value can be stored.
                caches[name].set("restored", "yes", timeout=1)
                is_empty = caches[name].get("restored") == "yes"
            except Exception:
                is_empty = False
            if not is_empty:
                self.stderr.write(
                    f"The cache {name!r} could not be emptied. Empty it before you start the site; visitors "
                    "would see old pages."
                )
