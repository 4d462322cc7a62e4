from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from leadwatch.backups.archives import DATABASE
from leadwatch.backups.exchange import complete, put_in_place, site_at_rest
from leadwatch.backups.restores import check_database
from leadwatch.backups.sqlite import copy_database


class Command(BaseCommand):
    help = "Moves the site from SQLite in DATA_DIR to PostgreSQL at DATABASE_URL. Stop the site first."
    requires_system_checks = []

    def handle(self, **options):
        database = Path(settings.DATA_DIR) / DATABASE
        if connection.vendor != "postgresql":
            raise CommandError("Put DATABASE_URL into production.env first. It is the address in PostgreSQL.")
        with site_at_rest("The site was not moved") as scratch:
            copy_database(database, scratch / DATABASE)
            complete(scratch, check_database(scratch / DATABASE, dangling=0))
            kept = put_in_place(scratch)
        self.stdout.write(f"Moved. {kept}")
