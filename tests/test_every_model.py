"""Each model can be saved, read and deleted, on SQLite and on PostgreSQL."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from tests.support import one_of_each

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def values(instance):
    return {field.attname: field.value_from_object(instance) for field in instance._meta.concrete_fields}


def delete_one(model):
    """Delete an instance that no other needs, and return its primary key."""
    for instance in model._base_manager.order_by("-pk"):
        pk = instance.pk
        with suppress(ProtectedError), transaction.atomic():
            instance.delete()
            return pk
    raise AssertionError("All are needed. Add one to tests/support/one_of_each.py.")


def test_every_model_can_be_saved_read_and_deleted(subtests, groups):
    one_of_each.fill()
    for model in one_of_each.models():
        with subtests.test(model._meta.label):
            instance = model._base_manager.order_by("-pk").first()
            assert instance, "Add one to tests/support/one_of_each.py."
            stored = values(instance)
            with transaction.atomic():
                instance.save()
                assert values(model._base_manager.get(pk=instance.pk)) == stored
                assert not model._base_manager.filter(pk=delete_one(model)).exists()
                # Other models may need what was deleted with it.
                transaction.set_rollback(True)
