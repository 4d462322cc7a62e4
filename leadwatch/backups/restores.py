"""Check and restore backups. Everything is checked first, and the old state is kept."""

import json
import os
import shutil
import sqlite3
import tarfile
import zlib
from contextlib import closing
from pathlib import PurePosixPath

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from leadwatch.backups.archives import (
    COPIES,
    DATABASE,
    FORMAT,
    MANIFEST,
    MEDIA,
    BackupError,
    copy_hashed,
)
from leadwatch.backups.sqlite import check_is_ours, check_whole, open_database
from leadwatch.page_cache.versions import is_own_trigger

# Bytes that stay free on the disk.
RESERVE = 50_000_000
LARGEST_MANIFEST = 100_000_000
# Wagtail's search migrations create these triggers on SQLite.
WAGTAIL_TRIGGERS = {f"{verb}_wagtailsearch_indexentry_fts" for verb in ("insert", "update", "delete")}
# Migrations that are gone, but older sites have run them: of words alone, and of an app of Wagtail.
GONE = {
    ("concerns", "0002_words_of_help"),
    ("concerns", "0003_plain_words"),
    ("simple_translation", "0001_initial"),
    ("home", "0009_words_of_help"),
    ("home", "0012_plain_words"),
    ("timeline", "0007_plain_words"),
}
# Errors that the libraries raise for a damaged archive.
DAMAGE = (tarfile.TarError, zlib.error, EOFError, ValueError, OverflowError, MemoryError, OSError)


def unpack(stream, folder):
    """
    Unpack a backup from a stream and check its files.

    :returns: its manifest; backups of older versions have none.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            found = dict(save_all(archive, folder))
        # Read to the end, so that gzip verifies its checksum.
        while stream.read(1 << 20):
            pass
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno:
            raise BackupError(f"It could not be unpacked: {os.strerror(error.errno)}.") from error
        raise BackupError("It is damaged, or it is not a backup.") from error
    manifest = read_manifest(folder) if found.pop(MANIFEST, None) else None
    if manifest:
        compare(found, manifest["files"])
    if DATABASE not in found:
        raise BackupError("It contains no database.")
    return manifest


def save_all(archive, folder):
    """Write the files of an archive to a folder. Yield each name with its entry in a manifest."""
    room = shutil.disk_usage(folder).free - RESERVE
    seen = set()
    for member in archive:
        name = name_of(member)
        if member.isdir():
            continue
        if name in seen:
            raise BackupError(f"It contains {shown(name)} twice.")
        seen.add(name)
        if (room := room - member.size) < 0 or (name == MANIFEST and member.size > LARGEST_MANIFEST):
            raise BackupError(
                f"There is not enough space to unpack it: {shown(name)} has {member.size:,} bytes, "
                f"and {room + member.size:,} are free."
            )
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as target:
            digest, size = copy_hashed(archive.extractfile(member), target)
        if size != member.size:
            raise BackupError(f"It ends in the middle of {shown(name)}.")
        yield name, {"size": size, "sha256": digest}


def name_of(member):
    """Return the name of a member of an archive. Refuse members that no backup contains."""
    name = member.name
    parts = PurePosixPath(name).parts
    is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE) and member.sparse is None
    is_inside = ".." not in parts and not name.startswith("/") and "\0" not in name
    folders = (MEDIA, COPIES)
    is_known = name in (DATABASE, MANIFEST) if not member.isdir() else name in folders
    if not (is_plain and is_inside and (is_known or (parts and parts[0] in folders and len(parts) > 1))):
        raise BackupError(
            f"It contains {shown(name)}, which does not belong in a backup, unless a newer version of the "
            "site has made it."
        )
    return str(PurePosixPath(name))


def read_manifest(folder):
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files, dangling = dict(manifest["files"].items()), int(manifest["dangling"])
        form = int(manifest["format"])
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BackupError("Its list of files cannot be read.") from error
    if form > FORMAT:
        raise BackupError("It was made by a newer version of the site.")
    return {"files": files, "dangling": dangling}


def compare(found, listed):
    """Refuse files that were changed after the backup was made."""
    for problem, names in (
        ("lacks", listed.keys() - found.keys()),
        ("contains unlisted files:", found.keys() - listed.keys()),
        ("contains a changed version of", {n for n in found if found[n] != listed.get(n)}),
    ):
        if names:
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise BackupError(f"It {problem} {shown(min(names))}{others}.")


def check_database(path, dangling):
    """
    Return the names of the migrations that a database still needs, and refuse one that the site cannot use.

    :param dangling: the allowed number of dangling foreign keys.
    """
    try:
        # Open it as it is, without a write-ahead log.
        with closing(open_database(path, "immutable=1")) as database:
            if check_whole(database) > dangling:
                raise BackupError("The database is damaged: some rows refer to rows that do not exist.")
            check_commands(database)
            check_is_ours(database)
            rows = database.execute("SELECT app, name FROM django_migrations").fetchall()
            loader = LoaderForBackup((str(app), str(name)) for app, name in rows)
            missing = missing_migrations(loader)
            check_columns(database, loader, is_current=not missing)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be read: {error}.") from error
    return missing


def check_commands(database):
    """Refuse unknown views and triggers, since they could act on the site."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
    for kind, name, sql in database.execute(query):
        if kind == "view" or not (name in WAGTAIL_TRIGGERS or is_own_trigger(name, sql)):
            raise BackupError(
                f"The database contains the {kind} {shown(name)}, which does not belong to this site."
            )


class LoaderForBackup(MigrationLoader):
    """
    Load the migrations for a database in which some were applied.

    Django asks its connection for them, because a site that applied only some of those that a migration
    replaces goes on with them.
    """

    def __init__(self, applied):
        self.recorded = set(applied)
        self.applied = dict.fromkeys(self.recorded)
        super().__init__(None, ignore_no_migrations=True)

    applied_migrations = property(lambda self: self.applied, lambda self, value: None)


def missing_migrations(loader):
    """Return the migrations that a database needs. Refuse unknown ones, and missing dependencies."""
    migrations = loader.disk_migrations
    known = GONE.union(migrations, *(each.replaces for each in migrations.values()))
    if unknown := sorted(loader.recorded - known):
        raise BackupError(
            f"It is from a newer version of the site, or from another site: its migration "
            f"{shown('.'.join(unknown[-1]))} is unknown."
        )
    nodes = loader.graph.nodes.keys()
    for key in sorted(loader.applied.keys() & nodes):
        if gaps := {node.key for node in loader.graph.node_map[key].parents} - loader.applied.keys():
            raise BackupError(f"The database lacks the migration {'.'.join(min(gaps))}.")
    return sorted(".".join(key) for key in nodes - loader.applied.keys())


def check_columns(database, loader, is_current):
    """Refuse a database that lacks a table or column which its migrations have created."""
    # The search's table has no model. Older versions may lack it.
    columns, registry = {"search_words": set()}, apps
    if not is_current:
        nodes = sorted(loader.applied.keys() & loader.graph.nodes.keys())
        columns, registry = {}, loader.graph.make_state(nodes=nodes).apps
    for model in registry.get_models(include_auto_created=True):
        # Wagtail's index, which the site doesn't use, has other columns on PostgreSQL.
        is_table = model._meta.managed and not model._meta.proxy
        if is_table and model._meta.app_label != "wagtailsearch":
            columns[model._meta.db_table] = {field.column for field in model._meta.local_concrete_fields}
    for table, wanted in sorted(columns.items()):
        there = {row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", [table])}
        if not there:
            raise BackupError(f"The database lacks the table {table}.")
        # SQLite does not list the implicit row ID.
        if lost := wanted - there - {"rowid"}:
            raise BackupError(f"The database lacks the column {min(lost)} of the table {table}.")


def shown(name):
    """Return a name from an archive, shortened and without control characters."""
    return ascii(name if len(name) <= 100 else f"{name[:100]}...")
