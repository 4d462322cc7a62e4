from django.db import connection, transaction

# Milliseconds to wait for others who use the database.
PATIENCE = 2000


def erase_for_good():
    """
    Empty SQLite's log of changes once the transaction has ended. The log has the text that was deleted or
    replaced. The database itself overwrites it (secure_delete in leadwatch/settings/environment.py).
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_empty_log, robust=True)


def _empty_log():
    """If others use the database for too long, the scheduler's next job for old messages does it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
