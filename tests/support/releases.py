"""
Data of earlier versions, in tests/fixtures/releases: backups that their own code made.

    python -m tests.support.releases 0.1.0

packs the starter content and one of everything, made by the code that is there.
"""

import datetime as dt
import shutil
import sqlite3
import sys
import tarfile
from contextlib import closing
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "releases"
# From oldest to newest: the names begin with the day.
RELEASES = sorted(path.name for path in FOLDER.glob("*.tar.gz"))


def load(release, folder, media):
    """Put the data of a release into the test database and its media into a folder. Return its rows."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from django.db import connection
    from wagtail.models import Site

    with tarfile.open(FOLDER / release) as archive:
        archive.extractall(folder, filter="data")
    if (folder / "media").exists():
        shutil.move(folder / "media", media)
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.backup(connection.connection)
        found = rows(database)
    cache.clear()
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
    return found


def rows(database):
    """Return the number of rows of each table."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


def schema():
    """Return the columns of each table of the test database: whether NULL is allowed, and the default."""
    from django.db import connection

    with connection.cursor() as cursor:
        return {
            table.name: {
                column.name: (column.null_ok, column.default)
                for column in connection.introspection.get_table_description(cursor, table.name)
            }
            for table in connection.introspection.get_table_list(cursor)
        }


def constraints():
    """Return the keys, indexes and other constraints of each table of the test database, without names."""
    from django.db import connection

    kinds = ("columns", "foreign_key", "unique", "check")
    with connection.cursor() as cursor:
        return {
            table: sorted(
                repr([constraint[kind] for kind in kinds])
                for constraint in connection.introspection.get_constraints(cursor, table).values()
            )
            for table in connection.introspection.table_names(cursor)
        }


def dangers(before, after):
    """Yield what the old version, which still serves while migrations run, can't do with the new schema."""
    for table, columns in before.items():
        if table not in after:
            yield table, "is dropped or renamed"
            continue
        for name, (null_ok, _default) in columns.items():
            if name not in after[table]:
                yield f"{table}.{name}", "is dropped or renamed"
            elif null_ok and not after[table][name][0] and after[table][name][1] is None:
                yield f"{table}.{name}", "is now required"
        for name in after[table].keys() - columns.keys():
            null_ok, default = after[table][name]
            if not null_ok and default is None:
                yield f"{table}.{name}", "is new and required; give it a db_default, or let it be null"


def make(version):
    """Pack a new site into a file. It is the newest release from now on."""
    from tests.support.served import ServedSite

    with ServedSite() as site:
        site.manage("load_starter_content")
        site.fill("tests.support.one_of_each")
        # No worker does it.
        site.manage("rebuild_references_index", "--verbosity", "0")
        site.manage("backup")
        (backup,) = site.folder.glob("backups/*.tar.gz")
        target = FOLDER / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}-{version}.tar.gz"
        shutil.copy(backup, target)
    print(f"{target.name}: {target.stat().st_size // 1000} kB. Commit it with the tag {version}.")


if __name__ == "__main__":
    make(sys.argv[1])
