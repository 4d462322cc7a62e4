"""The schemas of restores on PostgreSQL. The settings look for them before Django can use the database."""

from django.core.exceptions import ImproperlyConfigured

# The schema in which a site is restored, before it takes the place of the one in use.
NEW = "restoring"
PARAMETERS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def kept_as(date):
    """Return the name of the schema with the state before a restore of this date."""
    return f"before_restore_{date.replace('-', '_')}"


def is_switched(database, date):
    """Return whether the database in use is the one of a restore of this date."""
    if not database["ENGINE"].endswith("postgresql"):
        return False
    # It takes a while to import, and few processes need it here.
    import psycopg

    given = {name: database[key] for name, key in PARAMETERS.items() if database.get(key)}
    try:
        with psycopg.connect(**given, **database.get("OPTIONS", {})) as connection:
            ((is_kept,),) = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", [kept_as(date)])
    except psycopg.Error as error:
        raise ImproperlyConfigured(
            f"A restore was interrupted, and only the database can tell which state is in use: {error}"
        ) from error
    return is_kept
