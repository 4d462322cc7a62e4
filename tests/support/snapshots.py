"""
Put the whole database back into an earlier state, for tests whose server sees only what is committed.

On PostgreSQL there are no snapshots: the database is emptied, and what Wagtail needs is made again.
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
