import logging
import os
import socket
import time
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.compat import TASKS_LOGGER, TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from leadwatch.processes.background import beat, keep_going

logger = logging.getLogger(__name__)

# Attempts at a task if the database fails or the worker dies each time.
MOST_ATTEMPTS = 5
# The pause before the next attempt, multiplied by the number of attempts so far.
WAIT = timedelta(minutes=1)
# A task that has run longer on another machine was abandoned by its worker.
LONGEST_TASK = timedelta(hours=1)
# Errors for which the task is not to blame.
PASSING = {
    "builtins.KeyboardInterrupt",
    "builtins.SystemExit",
    "django.db.utils.InterfaceError",
    "django.db.utils.OperationalError",
    "home.files.errors.StoreAway",
}


class Worker(db_worker.Worker):
    """Continues after any error, and retries tasks whose worker died or whose database failed."""

    def run(self):
        if self.batch:
            self.work()
        else:
            # Let the loop of django_tasks_db end when no task is left. An error ends it, too.
            self.batch = True
            keep_going("worker", self.work_and_wait)

    def work_and_wait(self):
        """Run all tasks that are ready, then wait. Return whether to continue."""
        self.work()
        self.startup_delay = False
        if not self.running or (self.max_tasks is not None and self._run_tasks >= self.max_tasks):
            return False
        time.sleep(self.interval)
        return True

    def work(self):
        self.take_back_abandoned()
        super().run()

    def run_task(self, result):
        super().run_task(result)
        beat("worker")
        if result.exception_class_path in PASSING:
            self.take_back(result)

    def take_back_abandoned(self):
        for result in DBTaskResult.objects.running().filter(backend_name=self.backend_name):
            if self.is_abandoned(result):
                self.take_back(result)

    def is_abandoned(self, result):
        """Return whether a task is marked as running, but has no worker. This worker is between two tasks."""
        worker = result.worker_ids[-1]
        host, _colon, process = worker.rpartition(":")[0].rpartition(":")
        if host == socket.gethostname() and process.isdigit():
            return worker == self.worker_id or not is_alive(int(process))
        return worker == self.worker_id or result.started_at < timezone.now() - LONGEST_TASK

    def take_back(self, result):
        """Schedule a task for another attempt, unless it has used up its attempts."""
        attempts, now = len(result.worker_ids), timezone.now()
        # The update matches nothing if another worker was faster.
        mine = DBTaskResult.objects.filter(pk=result.pk, status=result.status, started_at=result.started_at)
        if attempts < MOST_ATTEMPTS:
            later = now + WAIT * attempts
            if mine.update(status=TaskResultStatus.READY, run_after=later, finished_at=None):
                logger.warning("The task %s was not finished and will be retried.", result.task_path)
        elif mine.update(status=TaskResultStatus.FAILED, finished_at=now):
            logger.error("The task %s was given up after %s attempts.", result.task_path, attempts)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def is_news(record):
    """Logging filter that drops tasks about an object that was deleted before they started."""
    return not (record.exc_info and isinstance(record.exc_info[1], ObjectDoesNotExist))


# The command below uses this class name.
db_worker.Worker = Worker


class Command(db_worker.Command):
    help = "Runs background tasks until stopped."
    # System checks need the database, which may be unavailable for a moment.
    requires_system_checks = []

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(worker_id=f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(8)}")

    def configure_logging(self, verbosity):
        """Leave logging to the settings. django_tasks_db would log each round."""
        logging.getLogger(TASKS_LOGGER).addFilter(is_news)
        if verbosity != 1:
            super().configure_logging(verbosity)
        else:
            for name in (TASKS_LOGGER, db_worker.logger.name):
                logging.getLogger(name).setLevel(logging.WARNING)
