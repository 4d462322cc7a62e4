import pytest
from django.core.management import call_command

from home.management.commands import scheduler


@pytest.mark.django_db
def test_every_job_runs_once(monkeypatch):
    ran = []
    monkeypatch.setattr(scheduler, "run", ran.append)
    call_command("scheduler", once=True)
    assert ran == [name for name, _interval in scheduler.JOBS]
    assert "publish_scheduled" in ran


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_leaves_the_others_to_their_turn(monkeypatch, caplog):
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
def test_every_job_is_a_command_that_there_is(name, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    call_command(name, verbosity=0)
