"""No task is lost, whether its worker is killed or the database fails."""

import os
import socket
import subprocess
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from leadwatch.management.commands import db_worker

ran = []


@task
def tell(word):
    ran.append(word)


@task
def find_database_away():
    raise OperationalError("away")


@task
def fail():
    raise ValueError


@pytest.fixture(autouse=True)
def tasks(settings, db, tmp_path, monkeypatch):
    # The worker would close the connection, and with it the test's transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    ran.clear()
    settings.DATA_DIR = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work(**options):
    """Let a worker run one task, if there is any."""
    call_command("db_worker", startup_delay=False, reload=False, batch=True, **options)


def left_by(worker, started=timedelta(0), attempts=1):
    """Return a task that is marked as running, as a dead worker left it."""
    tell.enqueue("left")
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, worker_ids=[worker] * attempts, started_at=timezone.now() - started
    )


def wait():
    """Make the next attempt of every task due."""
    DBTaskResult.objects.update(run_after=timezone.now())


def dead_process():
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


HERE, ELSEWHERE = socket.gethostname(), "another-machine"


@pytest.mark.parametrize(
    ("host", "is_dead", "started", "is_left"),
    [
        (HERE, True, timedelta(0), True),
        (HERE, False, timedelta(days=1), False),
        (ELSEWHERE, True, timedelta(0), False),
        (ELSEWHERE, True, timedelta(hours=2), True),
    ],
)
def test_a_task_of_a_killed_worker_is_run_by_the_next_one(host, is_dead, started, is_left):
    left_by(f"{host}:{dead_process() if is_dead else os.getppid()}:it", started)
    work()
    wait()
    work()
    assert ran == (["left"] if is_left else [])
    status = DBTaskResult.objects.get().status
    assert status == (TaskResultStatus.SUCCESSFUL if is_left else TaskResultStatus.RUNNING)


def test_a_task_that_kills_every_worker_is_given_up(caplog):
    left_by(f"{HERE}:{dead_process()}:it", attempts=db_worker.MOST_ATTEMPTS)
    work()
    result = DBTaskResult.objects.get()
    assert result.status == TaskResultStatus.FAILED
    assert result.finished_at
    assert "was given up after 5 attempts" in caplog.text


def test_a_task_is_retried_if_the_database_failed(monkeypatch):
    find_database_away.enqueue()
    for attempt in range(1, db_worker.MOST_ATTEMPTS + 1):
        work()
        # Not immediately.
        work()
        result = DBTaskResult.objects.get()
        assert len(result.worker_ids) == attempt
        wait()
    work()
    result = DBTaskResult.objects.get()
    assert len(result.worker_ids) == db_worker.MOST_ATTEMPTS
    assert result.status == TaskResultStatus.FAILED


def test_a_task_that_fails_by_itself_is_not_retried(caplog):
    fail.enqueue()
    work()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert "ValueError" in caplog.text
