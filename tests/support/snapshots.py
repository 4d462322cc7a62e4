"""
Put the whole database back into an earlier state, for tests whose server sees only what is committed.

On PostgreSQL there are no snapshots: the database is emptied, and what Wagtail needs is made again. But tests
in a transaction can visit another database, in which a site was made.
"""

import sqlite3

from django.core.management import call_command
from django.db import connection

from tests.support.live_site import make_wagtail_basics


def take_snapshot():
    """Return a copy of the database in memory, or None on PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    snapshot = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(snapshot)
    return snapshot


def restore(snapshot):
    """Put the database into the state of a snapshot; on PostgreSQL, into that of an empty site."""
    if snapshot:
        connection.ensure_connection()
        snapshot.backup(connection.connection)
    else:
        call_command("flush", interactive=False, verbosity=0)
        make_wagtail_basics()


def make_once(snapshots, name, make):
    """Call `make`, which fills the database; from the second time on, restore what it made."""
    if snapshots.get(name):
        restore(snapshots[name])
    else:
        make()
        snapshots[name] = take_snapshot()


def visit(snapshots, name, make):
    """Enter the state that `make` leaves. It is called once."""
    if snapshots["migrated"]:
        make_once(snapshots, name, make)
        return
    own = snapshots.setdefault("own", connection.settings_dict["NAME"])
    if name not in snapshots:
        copy = copy_on_postgres(f"{own}_{name.replace(' ', '_')}")
        connect_to(copy)
        try:
            make()
        finally:
            connect_to(own)
        snapshots[name] = copy
    connect_to(snapshots[name])


def leave(snapshots):
    """Go back to the state as migrated."""
    if snapshots["migrated"]:
        restore(snapshots["migrated"])
    else:
        connect_to(snapshots["own"])


def connect_to(name):
    """Use another database of the server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def copy_on_postgres(name):
    """Copy the database. Return the name of the copy."""
    # PostgreSQL copies a database only while nobody is connected to it.
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
    return name
