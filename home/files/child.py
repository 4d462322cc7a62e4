"""
Read uploaded files in a child process, so that no file can take the memory or time of the server.

    pages = run_job("text", file, extension="pdf").answer

To add a job, write a function in a module that doesn't import Django, and add it to `JOBS` in
`home/files/jobs.py`.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from home.files.jobs import JOBS

ROOT = Path(__file__).parent.parent.parent
# -P: don't import modules from the current folder.
PROGRAM = (sys.executable, "-P", "-m", "home.files")
# The complete environment of the child, without passwords and keys.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # With more arenas, each thread reserves much of the memory limit.
    "MALLOC_ARENA_MAX": "1",
    "PATH": os.defpath,
    "PYTHONPATH": str(ROOT),
}
# Seconds for starting and ending, in addition to the job's limit.
GRACE = 5
# Bytes of standard error that are logged.
MAX_LOGGED = 4096

logger = logging.getLogger(__name__)


class JobFailed(Exception):
    """The child gave no answer, because the file is damaged or took too much memory or time."""


class JobResult(NamedTuple):
    """The answer of a job, which is a value from JSON, and the content of the file that it made, if any."""

    answer: object
    content: bytes = b""


def run_job(name, file, **options):
    """
    Run a job of `JOBS` on a file.

    :param file: an open binary file. It is read from its start and rewound.
    :param options: arguments of the job's function that JSON can hold.
    :raises JobFailed: if there is no answer. The reason is logged.
    """
    job = JOBS[name]
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
        file.seek(0)
        shutil.copyfileobj(file, given)
        file.seek(0)
        given.seek(0)
        command = [*PROGRAM, name, json.dumps(options)]
        streams = {"stdin": given, "stdout": output, "stderr": errors}
        status = exit_status(command, job.seconds + GRACE, cwd="/", env=ENVIRONMENT, **streams)
        try:
            if status:
                raise JobFailed(f"{name}: exit status {status}")
            return read_result(output, job)
        except JobFailed as error:
            logger.warning("A file could not be read. %s\n%s", error, tail(errors))
            raise


def exit_status(command, seconds, **options):
    """Run a command, kill its process group when it ends or the time is up, and return its exit status."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode


def read_result(output, job):
    output.seek(0)
    try:
        return JobResult(json.loads(output.readline(job.largest)), output.read())
    except (ValueError, RecursionError) as error:
        raise JobFailed("The answer is not JSON.") from error


def tail(errors):
    errors.seek(max(errors.seek(0, os.SEEK_END) - MAX_LOGGED, 0))
    return errors.read().decode(errors="replace")
