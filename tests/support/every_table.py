"""Rows in every table, with values that are easily changed on the way to another database."""

import uuid
from contextlib import suppress

from django.apps import apps
from django.db import IntegrityError, connection, transaction

WORDS = "Ünïcode 'quoted' \"twice\", 100 %s \\ ⚖ 🏳️"
VALUES = {
    "BinaryField": b"\x00\xff binary",
    "BooleanField": True,
    "DateField": "1066-10-14",
    "DateTimeField": "2030-01-31 12:34:56.789012",
    "DecimalField": "12.5",
    "FloatField": 0.1,
    "JSONField": '{"é": [1.50, 12345678901234567890, null, "\\u00e9"], "a": {}}',
    "TextField": f"{WORDS}\n\t",
    "UUIDField": uuid.uuid5(uuid.NAMESPACE_DNS, "example.org").hex,
}


def fill_every_table():
    """Add a row to each table that is empty. Foreign keys refer to rows that exist."""
    every = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    models = [model for model in every if not model._meta.proxy and model._meta.app_label != "wagtailsearch"]
    # First without empty columns, then with them, because some tables refer to each other.
    for may_be_empty in (False, False, False, True, False):
        for model in models:
            if not first_row(model):
                fill(model, may_be_empty)
    assert all(map(first_row, models))


def first_row(model, column="1"):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {column} FROM "{model._meta.db_table}" LIMIT 1')
        return cursor.fetchone()


def fill(model, may_be_empty):
    fields = model._meta.local_concrete_fields
    row = {field.column: value_of(field) for field in fields}
    nullable = [field.column for field in fields if field.null]
    if all(may_be_empty and name in nullable for name in row if row[name] is None):
        # A constraint may allow only some of several values, or only one of several foreign keys.
        foreign = [field.column for field in fields if field.null and field.remote_field]
        for omitted in ({}, *({name} for name in nullable), *({*foreign} - {name} for name in foreign)):
            with suppress(IntegrityError), transaction.atomic():
                insert(model._meta.db_table, {name: row[name] for name in row if name not in omitted})
                break


def insert(table, row):
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', list(row.values()))


def value_of(field):
    if field.remote_field:
        row = first_row(field.target_field.model, f'"{field.target_field.column}"')
        return row and row[0]
    kind = field.get_internal_type()
    if kind.endswith(("IntegerField", "AutoField")):
        return 7
    return VALUES.get(kind, WORDS[: field.max_length])
