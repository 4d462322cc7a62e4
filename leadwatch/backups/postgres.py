"""Sites on PostgreSQL: back them up as a SQLite file, and restore them from one."""

import os
import tempfile
import time

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from leadwatch.backups.archives import BackupError
from leadwatch.backups.databases import migrate, opened, opened_file
from leadwatch.backups.rows import copy_rows
from leadwatch.backups.schemas import NEW, kept_as
from leadwatch.page_cache.versions import install_triggers

# Connections of other users show no type.
OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'
"""


def check_site():
    """Refuse to back up a database that is not of this version of the site."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupError("The database is not of this version of the site: a migration is missing.")


def copy_site(path):
    """Copy the database of the site to a new SQLite file."""
    migrate(path.parent)
    with opened_file(path) as copy:
        copy_rows("default", copy)
        install_triggers(copy)


def check_is_alone():
    """Refuse to go on while others use the database. Those that have just ended need a moment."""
    for _time in range(20):
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            (number,) = cursor.fetchone()
        if not number:
            return
        time.sleep(0.1)
    raise BackupError(f"The site is running: the database has {number} other connections. Stop it first.")


def build(path):
    """Build the site of a SQLite file in a schema of its own, beside the one in use."""
    drop_new()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {NEW}")
    in_schema = f"-c search_path={NEW}"
    variables = {"DATABASE_URL": os.environ["DATABASE_URL"], "PGOPTIONS": in_schema}
    options = connection.settings_dict["OPTIONS"] | {"options": in_schema}
    with tempfile.TemporaryDirectory() as folder:
        migrate(folder, **variables)
        with opened_file(path) as file, opened("new", OPTIONS=options) as target:
            copy_rows(file, target)
        # This creates the triggers, and fills the search index.
        migrate(folder, **variables)


def drop_new():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {NEW} CASCADE")


def exchange(date):
    """Let the new schema take the place of the one in use, which is kept."""
    check_is_alone()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        name = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"ALTER SCHEMA {name} RENAME TO {connection.ops.quote_name(kept_as(date))}")
        cursor.execute(f"ALTER SCHEMA {NEW} RENAME TO {name}")
