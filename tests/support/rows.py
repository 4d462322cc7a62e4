"""Rows of a served site that can be compared, on SQLite and on PostgreSQL."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import psycopg

TABLES = {
    sqlite3.Connection: "SELECT name FROM sqlite_master WHERE type = 'table'",
    psycopg.Connection: "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}
# A backup has no sessions, mails that wait, or counted tries.
PASSING = ("django_session", "home_outgoingmail", "home_trycounter")
# What the site makes again on another kind of database.
REBUILT = ("django_migrations", "leadwatch_contentversion", "search_", "wagtailsearch_", "sqlite_")
# A model of Wagtail's that only exists on SQLite, with a content type and permissions.
ONLY_ON_SQLITE = "sqliteftsindexentry"


def tables_of(site, *left_out):
    """Return the rows of each table of a site but for those whose names begin so."""
    database = psycopg.connect(site.address) if site.address else sqlite3.connect(site.folder / "db.sqlite3")
    with closing(database):
        return tables(database, *left_out)


def tables(database, *left_out):
    query = next(query for kind, query in TABLES.items() if isinstance(database, kind))
    names = [name for (name,) in database.execute(query).fetchall()]
    return {name: rows(database, name) for name in names if not name.startswith((*PASSING, *left_out))}


def rows(database, table):
    found = database.execute(f'SELECT * FROM "{table}"')
    columns = [column[0] for column in found.description]
    texts = (repr(sorted(zip(columns, map(comparable, row), strict=True))) for row in found.fetchall())
    return sorted(text for text in texts if ONLY_ON_SQLITE not in text)


def comparable(value):
    """Return a value as SQLite stores it, and JSON with its keys in order."""
    if isinstance(value, str) and value[:1] in "{[":
        try:
            value = json.loads(value)
        except ValueError:
            return value
    match value:
        case dict() | list():
            return json.dumps(value, sort_keys=True)
        case datetime():
            return str(value.astimezone(UTC).replace(tzinfo=None))
        case date() | time():
            return str(value)
        case bool():
            return int(value)
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case UUID():
            return value.hex
        case memoryview() | bytearray():
            return bytes(value)
    return value
