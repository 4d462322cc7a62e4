"""Processes are restarted, and none is left behind. The tests use real processes without a site."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leadwatch.processes.supervision import backoff
from tests.support.processes import is_running
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[3]
# Appends its process ID and that of a child process to a file.
CHILD = "sleep 1000 & echo $$ $! >> {file}; wait"


class Supervised:
    """A supervisor of two such processes with a file each."""

    def __init__(self, folder):
        self.files = [folder / "one", folder / "two"]
        commands = {file.name: ["sh", "-c", CHILD.format(file=file)] for file in self.files}
        command = f"from leadwatch.processes.supervision import supervise; supervise({commands})"
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([sys.executable, "-c", command], cwd=ROOT, stderr=log)
        wait_until(lambda: all(self.started(file) for file in self.files))

    def started(self, file):
        """Return the IDs of each started process and its child."""
        return (
            [tuple(map(int, line.split())) for line in file.read_text().splitlines()] if file.exists() else []
        )


@pytest.fixture
def supervised(tmp_path):
    if sys.platform != "linux":
        pytest.skip("Processes are looked up as Linux has them.")
    supervised = Supervised(tmp_path)
    yield supervised
    supervised.process.kill()
    supervised.process.wait()
    for file in supervised.files:
        for number in sum(supervised.started(file), ()):
            if is_running(number):
                os.kill(number, signal.SIGKILL)


def test_a_process_that_ends_is_restarted_while_the_others_continue(supervised):
    one, two = supervised.files
    ((process, child),) = supervised.started(one)
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: len(supervised.started(one)) == 2)
    assert not is_running(child)
    assert all(map(is_running, supervised.started(one)[1]))
    assert all(map(is_running, supervised.started(two)[0]))
    assert len(supervised.started(two)) == 1
    assert supervised.log.read_text() == "The one ended with status -9. It will be restarted in 1 s.\n"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end_with_the_supervisor(supervised, sign):
    processes = sum((supervised.started(file)[0] for file in supervised.files), ())
    assert all(map(is_running, processes))
    supervised.process.send_signal(sign)
    assert supervised.process.wait(60) == 0
    wait_until(lambda: not any(map(is_running, processes)))


def test_all_processes_end_if_the_supervisor_is_killed(supervised):
    processes = [supervised.started(file)[0][0] for file in supervised.files]
    supervised.process.kill()
    wait_until(lambda: not any(map(is_running, processes)))


def test_pauses_between_restarts_get_longer():
    pauses = backoff()
    assert [next(pauses) for _attempt in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert next(backoff()) == 1
