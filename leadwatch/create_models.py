"""An operation for the migrations that make the tables of a new site."""

from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """
    Create several models at once.

    After each operation Django builds all models again that are related to the changed one. Each page type is
    related to all others, so a migration with many operations takes seconds. This operation builds them once.
    """

    reversible = False

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return self.__class__.__name__, [self.operations], {}

    def state_forwards(self, app_label, state):
        # Django would update the models that it has built. It builds them again when they are asked for.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.operations)} models"
