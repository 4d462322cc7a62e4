from django.db import connection, transaction


def erase_for_good():
    """
    Empty SQLite's log of changes once the transaction has ended. The log has the text that was deleted or
    replaced. The database itself overwrites it (secure_delete in leadwatch/settings/environment.py).
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(lambda: connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)"))
