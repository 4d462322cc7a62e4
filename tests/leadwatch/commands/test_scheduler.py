import pytest
from django.core.management import call_command

from leadwatch.management.commands import scheduler


@pytest.mark.django_db
def test_every_job_runs_once(monkeypatch):
    ran = []
    monkeypatch.setattr(scheduler, "run", ran.append)
    call_command("scheduler", once=True)
    assert ran == [name for name, _interval in scheduler.JOBS]
    assert "publish_scheduled" in ran


@pytest.mark.django_db
def test_a_failing_job_is_logged_and_does_not_stop_the_others(monkeypatch, caplog):
    ran = []

    def call(name, **options):
        ran.append(name)
        if name == "publish_scheduled":
            raise RuntimeError

    monkeypatch.setattr(scheduler, "call_command", call)
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    call_command("scheduler", once=True)
    assert len(ran) == len(scheduler.JOBS)
    assert "publish_scheduled failed" in caplog.text


@pytest.mark.parametrize("name", [name for name, _interval in scheduler.JOBS])
@pytest.mark.django_db
def test_every_job_is_an_existing_command(name, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    call_command(name, verbosity=0)


def test_a_failed_daily_job_is_retried_before_the_next_day(monkeypatch):
    ran, due, now = [], {}, [0]

    def fail(name):
        """Fail only the first time."""
        ran.append(now[0])
        return len(ran) > 1

    monkeypatch.setattr(scheduler, "JOBS", [("delete_old_messages", scheduler.DAY)])
    monkeypatch.setattr(scheduler, "run", fail)
    monkeypatch.setattr(scheduler.time, "monotonic", lambda: now[0])
    for now[0] in range(0, 2 * 24 * 3600, 60):
        scheduler.do_due(due)
    retry = scheduler.RETRY.total_seconds()
    assert ran == [0, retry, retry + scheduler.DAY.total_seconds()]
