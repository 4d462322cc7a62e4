import os
import time

import pytest
from django.db import InterfaceError, OperationalError

from leadwatch.processes import background


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def pauses(monkeypatch):
    """Return the list of pauses, in seconds."""
    pauses = []
    monkeypatch.setattr(background.time, "sleep", pauses.append)
    monkeypatch.setattr(background, "close_old_connections", lambda: None)
    return pauses


def rounds(*outcomes):
    """Return work with one outcome per round: a result or an error."""
    outcomes = iter(outcomes)

    def work():
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return work


def test_a_process_continues_after_errors_and_waits_longer_each_time(folder, pauses, caplog):
    faults = [
        OperationalError("database is locked"),
        InterfaceError("closed"),
        OSError("disk full"),
        ValueError("a"),
    ]
    background.keep_going("worker", rounds(*faults, True, OperationalError("away"), False))
    assert pauses == [1, 2, 4, 8, 1]
    # An unavailable database needs no traceback.
    assert [bool(record.exc_info) for record in caplog.records] == [False, True, True, True, False]
    assert "The worker failed and continues in 1 s: database is locked" in caplog.text


def test_closing_a_connection_may_fail_too(folder, pauses, monkeypatch):
    def fail():
        raise InterfaceError

    monkeypatch.setattr(background, "close_old_connections", fail)
    background.keep_going("worker", rounds(OperationalError(), False))
    assert pauses == [1]


def test_a_process_is_late_without_a_recent_sign_of_life(folder):
    assert list(background.late_processes()) == [
        "The worker has never reported.",
        "The scheduler has never reported.",
    ]
    for process in background.PROCESSES:
        background.beat(process)
    assert list(background.late_processes()) == []
    long_ago = time.time() - background.LATE - 60
    os.utime(folder / "background" / "scheduler", (long_ago, long_ago))
    assert list(background.late_processes()) == ["The scheduler last reported 11 minutes ago."]


def test_a_failing_process_gives_no_sign_of_life(folder, pauses):
    late = []

    def work():
        late.append("The worker has never reported." in background.late_processes())
        if len(late) < 3:
            raise OperationalError
        return len(late) < 4

    background.keep_going("worker", work)
    assert late == [True, True, True, False]


def test_a_full_disk_ends_no_process(folder, caplog):
    (folder / "background").write_text("A file where the folder should be.")
    background.beat("worker")
    assert "Can't record that the worker is running" in caplog.text
    assert "The worker has never reported." in background.late_processes()
