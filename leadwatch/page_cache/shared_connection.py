"""
One connection for the version of the content, which all threads of a process share.

Django closes its connections after each request, and opening one takes longer than the rest of a cached page.
"""

from threading import Lock
from types import SimpleNamespace

from django.db import Error, connection

from leadwatch.page_cache.versions import read_version

_lock = Lock()
_shared = SimpleNamespace(connection=None)


def read_shared():
    """Return the version in the database, or None."""
    if connection.in_atomic_block:
        # Only this connection sees the transaction, as in tests.
        return read_version()
    with _lock:
        try:
            return read_version(_opened())
        except Error:
            _close()
            raise


def close_shared():
    """Close the connection, so that a process without such requests holds no file of the database open."""
    with _lock:
        _close()


def _opened():
    if not _shared.connection:
        _shared.connection = connection.copy()
        _shared.connection.inc_thread_sharing()
    return _shared.connection


def _close():
    if _shared.connection:
        _shared.connection.close()
        _shared.connection = None
