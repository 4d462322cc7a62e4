import gc

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from leadwatch.processes import static_files
from leadwatch.starter_content.loader import has_had_a_home_page

# Errors of a database that is away, damaged, incomplete, or not ours.
BROKEN = (DatabaseError, InconsistentMigrationHistory, ObjectDoesNotExist)


class Command(BaseCommand):
    help = "Prepares what is missing: the database, the starter content, the first account, the static files."
    # `migrate` would run them, too, but they import the whole site.
    requires_system_checks = []

    def handle(self, **options):
        try:
            self.set_up_database()
        except BROKEN as error:
            raise CommandError(
                f"The database can't be used: {str(error).strip()}\n"
                "If it is damaged or incomplete, restore a backup: make restore FILE=..."
            ) from error
        if not settings.DEBUG:
            static_files.collect(self.say)

    def set_up_database(self):
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Migrating the database. The first time, this takes about 15 seconds.")
        # Migrations make thousands of classes. Looking for unused ones often is a third of the work.
        usual = gc.get_threshold()
        gc.set_threshold(50_000, 1000, 1000)
        # Also without migrations: an interrupted run may lack what Django does after them.
        call_command("migrate", interactive=False, verbosity=0)
        gc.set_threshold(*usual)
        if not has_had_a_home_page():
            self.say("Adding the starter content.")
        call_command("load_starter_content", verbosity=0)
        call_command("create_editor", stdout=self.stdout)

    def say(self, words):
        self.stdout.write(words)
        self.stdout.flush()
