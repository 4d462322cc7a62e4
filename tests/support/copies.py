"""Copies of the test database, for separate processes."""

import os
import secrets
import sqlite3

from django.db import connection


def copy_database(folder):
    """
    Copy the database as it is after migrations. Don't call it inside a test's transaction.

    :returns: an environment for a process that uses the copy and keeps its files in the folder.
    """
    environment = os.environ | {"DATA_DIR": str(folder), "SECRET_KEY": secrets.token_urlsafe(50)}
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(folder / "db.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        return environment
    settings = connection.settings_dict
    name = f"{settings['NAME']}_copy"
    # PostgreSQL copies a database only while nobody is connected to it.
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{settings["NAME"]}"')
    address = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    return environment | {"DATABASE_URL": f"postgres://{address}/{name}"}
