"""A database with a home page, for backup and restore."""

import pytest
from django.db import connection, transaction

from tests.support import factories


@pytest.fixture(scope="module")
def site_database(django_db_setup, django_db_blocker):
    """Return the database file as bytes."""
    if connection.vendor != "sqlite":
        pytest.skip("The file is SQLite's. tests/leadwatch/backups/test_postgres.py tests PostgreSQL.")
    with django_db_blocker.unblock(), transaction.atomic():
        factories.make_home()
        content = connection.connection.serialize()
        transaction.set_rollback(True)
    return content
