from django_tasks.backends.immediate import ImmediateBackend
from django_tasks_db import DatabaseBackend

# Access to images and files depends on Wagtail's reference index, so its updates cannot wait.
AT_ONCE = {"wagtail.tasks.update_reference_index_task"}


class Backend(DatabaseBackend):
    """Stores tasks for a worker, but immediately runs those that the next request depends on."""

    def __init__(self, alias, params):
        super().__init__(alias, params)
        self.immediate = ImmediateBackend(alias, params)

    def enqueue(self, task, args, kwargs):
        backend = self.immediate if task.module_path in AT_ONCE else super()
        return backend.enqueue(task, args, kwargs)
