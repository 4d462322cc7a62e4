"""SQLite databases: copy them, and check that they are whole and of this site."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from leadwatch.backups.archives import BackupError


def site_database():
    return Path(settings.DATABASES["default"]["NAME"])


def check_site():
    """Refuse to back up a database that is empty or not of this site."""
    with closing(open_site(site_database())) as live:
        check_is_ours(live)


def open_site(path):
    if not path.is_file():
        raise BackupError(f"There is no database {path}. Is DATA_DIR set as it is for the site?")
    return open_database(path)


def copy_site(path):
    """Copy the database of the site to a new file."""
    copy_database(site_database(), path)


def finish_copy(path):
    """Delete what passes from the copy of a database. Return the number of dangling foreign keys."""
    with closing(open_database(path)) as copy:
        forget_passing(copy)
        return check_whole(copy)


def copy_database(source, path):
    """Copy a database, even during writes."""
    with closing(open_site(source)) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def open_database(path, options="mode=rw"):
    """Open an existing database. `sqlite3.connect` alone would create an empty one."""
    return sqlite3.connect(f"file:{quote(str(path))}?{options}", uri=True, timeout=20)


def forget_passing(database):
    """
    Delete queued mails, which would be sent a second time after a restore, counters of tries, and sessions,
    with which whoever has the backup could act as the people who are signed in.
    """
    database.execute("PRAGMA secure_delete=ON")
    for table in ("django_session", "home_outgoingmail", "home_trycounter"):
        # An older database doesn't have each table.
        with suppress(sqlite3.OperationalError), database:
            database.execute(f"DELETE FROM {table}")


def check_whole(database):
    """Let SQLite check every page and row. Return the number of dangling foreign keys."""
    try:
        verdict = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        dangling = len(database.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.Error as error:
        raise BackupError(f"The database is damaged: {error}.") from error
    if verdict != "ok":
        raise BackupError(f"The database is damaged: {' '.join(verdict.split())}.")
    return dangling


def check_is_ours(database):
    """Refuse a database that is empty or not of this site."""
    try:
        is_ours = database.execute(
            "SELECT 1 FROM django_migrations WHERE app = 'home' AND name = '0001_initial'"
        ).fetchone()
        has_pages = is_ours and database.execute("SELECT 1 FROM home_homepage").fetchone()
    except sqlite3.DatabaseError as error:
        if "no such table" not in str(error):
            raise BackupError(f"The database cannot be read: {error}.") from error
        is_ours = has_pages = None
    if not has_pages:
        raise BackupError(
            "The database contains no home page." if is_ours else "The database is not one of this site."
        )
