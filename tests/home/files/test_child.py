"""Files are read in a child process that is limited in time and memory."""

import json
import logging
import subprocess
import sys
from io import BytesIO

import pytest

from home.files import child
from home.files.child import JobFailed, run_job
from home.files.jobs import JOBS
from tests.support import file_jobs
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def _jobs_of_the_tests(monkeypatch):
    monkeypatch.setattr(child, "PROGRAM", (sys.executable, "-P", "-m", file_jobs.__name__))
    monkeypatch.setattr(child, "GRACE", 1)


@pytest.fixture(scope="module")
def told():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "PROGRAM", (sys.executable, "-P", "-m", file_jobs.__name__))
        patch.setenv("SECRET_KEY", "planted")
        file = BytesIO(b"content")
        file.seek(3)
        return run_job("told", file, word="wörd").answer


def test_a_job_gets_the_whole_file_and_its_options(told):
    assert (told["content"], told["word"]) == ("content", "wörd")


def test_a_job_has_no_access_to_the_server(told):
    assert "planted" not in told["environment"].values()
    assert set(told["environment"]) <= {"LANG", "LC_CTYPE", *child.ENVIRONMENT}
    assert told["folder"] == "/"
    assert not [name for name in told["modules"] if name.partition(".")[0] == "django"]


def test_a_job_has_its_limits(told):
    job = JOBS["told"]
    limits = told["limits"]
    assert limits["RLIMIT_CORE"] == [0, 0]
    assert limits["RLIMIT_AS"] == [job.memory] * 2
    assert limits["RLIMIT_CPU"] == [job.seconds] * 2
    assert limits["RLIMIT_FSIZE"] == [job.largest] * 2
    assert limits["RLIMIT_NOFILE"][0] < 100


@pytest.mark.parametrize("job", ["greedy", "busy", "killed", "loud", "mute"])
def test_a_failing_job_is_logged(job, caplog):
    with pytest.raises(JobFailed):
        run_job(job, BytesIO(b"content"))
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    if job in {"greedy", "loud"}:
        assert "Traceback" in record.getMessage()


def test_a_job_that_hangs_is_killed_with_its_children(tmp_path):
    file = tmp_path / "pid"
    with pytest.raises(JobFailed):
        run_job("hung", BytesIO(str(file).encode()))
    pid = int(file.read_text())
    wait_until(lambda: state_of(pid) in {"", "Z"})


def state_of(pid):
    """Return the state of a process: "Z" for a zombie, "" if it doesn't exist."""
    return subprocess.run(
        ["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()


def test_what_libraries_print_is_not_part_of_the_answer():
    assert run_job("noisy", BytesIO(b"content")).answer == "the answer"


def test_a_job_can_make_a_file():
    done = run_job("made", BytesIO(b"a\nb"))
    assert (done.answer, done.content) == ({"kind": "copy"}, b"a\nba\nb")


def test_the_file_can_be_read_again():
    file = BytesIO(b"content")
    run_job("made", file)
    assert file.read() == b"content"


def test_no_job_needs_django():
    program = "import sys, json, home.files.jobs\n"
    program += "print(json.dumps([name for name in sys.modules if name.startswith('django')]))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=child.ROOT)
    assert json.loads(found.stdout) == []
