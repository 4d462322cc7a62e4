"""
Move the link to the version at each commit, so that the next request to nginx gets the new page.

Signals of models don't do: `update()` and raw SQL send none, and others are sent before the commit.
"""

import atexit
import time

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from leadwatch.page_cache.shared_connection import close_shared
from leadwatch.page_cache.versions import follow
from leadwatch.sqlite3.base import close_kept, keep_connections

# The first words of statements that change nothing.
READS = (
    *("SELECT", "PRAGMA", "EXPLAIN", "DECLARE", "FETCH", "SET"),
    *("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"),
)
# Seconds between two looks at the database.
INTERVAL = 1


def follow_commits(connection, **kwargs):
    """Watch a new connection (signal receiver)."""
    if connection.alias == DEFAULT_DB_ALIAS and after_statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, after_statement)


def after_statement(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if not sql.lstrip()[:9].upper().startswith(READS):
        connection = context["connection"]
        if connection.in_atomic_block:
            # A savepoint that is rolled back takes its callback along.
            if all(function is not follow for _ids, function, _robust in connection.run_on_commit):
                connection.on_commit(follow, robust=True)
        elif connection.vendor != "sqlite" or context["cursor"].description is None:
            follow()
        # Otherwise the statement returns rows, and SQLite commits it when they are read.
    return result


def after_save(created, using, **kwargs):
    """Follow an INSERT that returned an ID (signal receiver)."""
    if created and using == DEFAULT_DB_ALIAS and not connections[using].in_atomic_block:
        follow()


def watch(then=None):
    """
    Look again and again: other programs change the database, and processes are killed after commits.

    :param then: a function to call each time; it must not fail.
    """
    keep_connections()
    # Otherwise, the database would be in several files after the end.
    atexit.register(close_idle)
    while True:
        if settings.NGINX_KEEPS_PAGES or then:
            follow()
        if then:
            then()
        if connection.vendor == "sqlite":
            # A file that was put in its place counts, too.
            connection.close()
            close_idle()
        time.sleep(INTERVAL)


def close_idle():
    close_shared()
    close_kept()
