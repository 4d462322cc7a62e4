import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.fields import StreamField

pytestmark = pytest.mark.postgres


@pytest.mark.django_db
def test_every_model_change_has_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_first_migration_creates_only_the_user():
    first = MigrationLoader(connection).get_migration("home", "0001_initial")
    assert [operation.name for operation in first.operations] == ["User"]


@pytest.mark.django_db
def test_migrations_run_on_an_empty_database():
    # The test database was created by migrations, so all of them must be recorded.
    loader = MigrationLoader(connection)
    assert set(loader.disk_migrations) == set(loader.applied_migrations)


def test_migrations_hold_no_blocks():
    # They don't change the table, but each new word in a block would rewrite it.
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    bodies = [field for field in fields if isinstance(field, StreamField)]
    assert bodies
    for body in bodies:
        *_start, blocks, options = body.deconstruct()
        assert (blocks, options["block_lookup"]) == ([[]], {}), body
