from django_tasks.backends.immediate import ImmediateBackend
from django_tasks_db import DatabaseBackend

__all__ = ["Backend"]

# Who may see a picture or file depends on Wagtail's index of references, which therefore cannot wait.
AT_ONCE = {"wagtail.tasks.update_reference_index_task"}


class Backend(DatabaseBackend):
    """Keeps tasks in the database for a worker, except for those on which the next request depends."""

    def __init__(self, alias, params):
        super().__init__(alias, params)
        self.immediate = ImmediateBackend(alias, params)

    def enqueue(self, task, args, kwargs):
        backend = self.immediate if task.module_path in AT_ONCE else super()
        return backend.enqueue(task, args, kwargs)
