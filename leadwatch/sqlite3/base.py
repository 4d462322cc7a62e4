"""
Django's backend for SQLite. It keeps closed connections for a second, so that other requests can use them.

Opening one takes longer than all queries of a page, since SQLite reads the whole schema. With CONN_MAX_AGE,
each thread would keep its own: nobody would notice that the file was replaced, and the write-ahead log, which
still contains what was deleted, would stay.
"""

import os
import sqlite3
import time
from collections import deque
from weakref import WeakSet

from django.db.backends.sqlite3 import base, features

# Seconds after which a connection is not used again.
LONGEST = 1


class Connection(sqlite3.Connection):
    """A connection that knows when it was opened, and to which file."""

    file = opened_at = None


class DatabaseFeatures(features.DatabaseFeatures):
    # Django asks the database, and takes an error for a no. If it was locked at that moment, all pages of the
    # process failed until it ended. SQLite has JSON since 3.38.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    # The closed connections of this process, if it keeps any.
    kept = None
    has_failed = False

    def create_cursor(self, name=None):
        cursor = super().create_cursor(name)
        self.cursors.add(cursor)
        return cursor

    def get_connection_params(self):
        return super().get_connection_params() | {"factory": Connection}

    def get_new_connection(self, conn_params):
        self.has_failed, self.cursors = False, WeakSet()
        # If the file is replaced from here on, the connection counts as one to the old file.
        file = file_at(conn_params["database"])
        if opened := take(file):
            return opened
        opened = super().get_new_connection(conn_params)
        opened.file, opened.opened_at = file, time.monotonic()
        return opened

    @property
    def errors_occurred(self):
        return self.has_failed

    @errors_occurred.setter
    def errors_occurred(self, value):
        # Django forgets errors at the end of a transaction. But a damaged file may be repaired.
        self.has_failed |= value

    def _close(self):
        opened, kept = self.connection, self.kept
        is_busy = self.in_atomic_block or self.has_failed or opened.in_transaction
        if kept is not None and not is_busy and time.monotonic() - opened.opened_at < LONGEST:
            # A result that was read in part would show the next request what the database contained then.
            for cursor in self.cursors:
                cursor.close()
            kept.append(opened)
        else:
            super()._close()


def keep_connections():
    """Begin to keep connections in this process, which calls `close_kept` every second from now on."""
    DatabaseWrapper.kept = deque()


def close_kept():
    """Close the connections that nobody uses."""
    while opened := pop():
        opened.close()


def take(file):
    """Return a kept connection to a file, or None. Close those to what the file was before."""
    while opened := pop():
        if file and opened.file == file:
            return opened
        opened.close()
    return None


def pop():
    try:
        return DatabaseWrapper.kept.pop() if DatabaseWrapper.kept else None
    except IndexError:
        # Another thread has taken the last one.
        return None


def file_at(path):
    """Return what differs when a file was replaced or changed by anything but SQLite's write-ahead log."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, os.access(path, os.W_OK)
