"""Copy all rows of the site from one database to another, SQLite or PostgreSQL, as they are."""

from contextlib import contextmanager

from django.apps import apps
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import Error, connections, models, transaction

from leadwatch.backups.archives import BackupError
from leadwatch.page_cache.versions import drop_triggers

# What the site makes again from the other tables: the search index, and the version of the content.
REBUILT = {
    *("leadwatch.contentversion", "search.entry", "search.entrytext", "search.facetset", "search.knownword"),
    *("wagtailsearch.indexentry", "wagtailsearch.sqliteftsindexentry"),
}
# A batch of rows ends with so many rows, or characters.
MOST_ROWS, MOST_TEXT = 200, 2_000_000
# Kinds of columns that the two databases represent differently, so that Django converts them.
CONVERTED = {
    *("BinaryField", "BooleanField", "DateField", "DateTimeField", "DecimalField", "DurationField"),
    *("FloatField", "TimeField", "UUIDField"),
}


class JSONText(models.TextField):
    """JSON as text, which tells the value null from no value."""

    def get_internal_type(self):
        # PostgreSQL would not convert arrays of text, which Django uses for known types.
        return "JSONText"


def copied_models():
    every = apps.get_models(include_auto_created=True)
    tables = [model for model in every if model._meta.managed and not model._meta.proxy]
    return [model for model in tables if model._meta.label_lower not in REBUILT]


def plain(model):
    """Return a model of the same table whose fields do nothing but store values."""
    columns = {
        f"c{number}": plain_field(field) for number, field in enumerate(model._meta.local_concrete_fields)
    }
    options = {"app_label": "copied", "apps": Apps(), "db_table": model._meta.db_table, "managed": False}
    return type("Row", (models.Model,), columns | {"__module__": __name__, "Meta": type("Meta", (), options)})


def plain_field(field):
    options = {"db_column": field.column, "null": True, "primary_key": field.primary_key}
    while field.remote_field:
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "DecimalField":
        options |= {"max_digits": field.max_digits, "decimal_places": field.decimal_places}
    if kind in CONVERTED:
        return getattr(models, kind)(**options)
    if kind == "JSONField":
        return JSONText(**options)
    is_number = kind.endswith(("IntegerField", "AutoField"))
    return (models.BigIntegerField if is_number else models.TextField)(**options)


def copy_rows(source, target):
    """
    Replace all rows of a database by those of another one. Both have the tables of this version of the site.

    The triggers of the target are dropped, and its search index is empty afterwards; `migrate` restores both.
    """
    drop_triggers(target, plan=True)
    table = None
    try:
        with at_one_time(source), transaction.atomic(target):
            empty(target)
            for model in copied_models():
                table = plain(model)
                for rows in batches(table.objects.using(source).iterator(chunk_size=MOST_ROWS // 4)):
                    table.objects.using(target).bulk_create(rows)
            copy_counters(source, target)
    except Error as error:
        # Other lines may quote the row.
        reason = str(error).strip().partition("\n")[0]
        raise BackupError(f"The table {table and table._meta.db_table} can't be copied: {reason}.") from error


@contextmanager
def at_one_time(source):
    """See the database as it was at the start, whatever is written meanwhile."""
    with transaction.atomic(source):
        if connections[source].vendor == "postgresql":
            connections[source].cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def empty(target):
    """Delete the rows that `migrate` has made."""
    connection = connections[target]
    tables = [*connection.introspection.django_table_names(only_existing=True), "search_words"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=True):
            cursor.execute(statement)


def batches(rows):
    """Group rows, so that few large ones are in memory at a time."""
    batch, size = [], 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in vars(row).values() if isinstance(value, str | bytes | memoryview))
        if len(batch) == MOST_ROWS or size > MOST_TEXT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def copy_counters(source, target):
    """
    Copy the highest key that each table has ever had. A new page with the key of a deleted one would get the
    log entries of that one.
    """
    reader, writer = connections[source].cursor(), connections[target].cursor()
    for model in copied_models():
        table, key = model._meta.db_table, model._meta.pk
        if isinstance(key, models.AutoField):
            place = {"table": table, "quoted": f'"{table}"', "column": key.column}
            reader.execute(HIGHEST[reader.db.vendor], place)
            ((highest,),) = reader.fetchall() or [(None,)]
            for statement in SET_HIGHEST[writer.db.vendor] if highest else ():
                writer.execute(statement, place | {"highest": highest})


SEQUENCE = "pg_get_serial_sequence(%(quoted)s, %(column)s)"
HIGHEST = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = %(table)s",
    "postgresql": f"SELECT pg_sequence_last_value({SEQUENCE}::regclass)",
}
SET_HIGHEST = {
    "sqlite": (
        "DELETE FROM sqlite_sequence WHERE name = %(table)s",
        "INSERT INTO sqlite_sequence (name, seq) VALUES (%(table)s, %(highest)s)",
    ),
    "postgresql": (f"SELECT setval({SEQUENCE}, %(highest)s)",),
}
