"""The database of the tests, once more, for processes of their own."""

import os
import sqlite3

from django.db import connection


def copy_database(folder):
    """
    Copy the database as the migrations left it. Not within a test's own transaction.

    :returns: the environment in which a process finds the copy, and keeps its files in the folder.
    """
    environment = os.environ | {"DATA_DIR": str(folder)}
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(folder / "db.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        return environment
    settings = connection.settings_dict
    name = f"{settings['NAME']}_copy"
    # A database is copied only while nobody is in it.
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{settings["NAME"]}"')
    address = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    return environment | {"DATABASE_URL": f"postgres://{address}/{name}"}
