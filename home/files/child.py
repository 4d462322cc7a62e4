"""
Uploaded files are read in a child process, so that none of them can take the server's memory or time.

    pages = run_job("text", file, extension="pdf").answer

To add a job, write a function in a module that does not import Django, and add a row to `JOBS` in
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
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from home.files.jobs import JOBS

__all__ = ["Done", "JobFailed", "run_job"]

ROOT = Path(__file__).parent.parent.parent
# -P: do not import modules from the current folder.
PROGRAM = (sys.executable, "-P", "-m", "home.files")
# The whole environment of the child: no password and no key.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # Each thread of a library would reserve much of the memory that is allowed.
    "MALLOC_ARENA_MAX": "1",
    "PATH": os.defpath,
    "PYTHONPATH": str(ROOT),
}
# Seconds for starting and ending, beyond those of the job.
GRACE = 5
# Bytes of the error stream that are logged.
MOST_LOGGED = 4096

logger = logging.getLogger(__name__)


class JobFailed(Exception):
    """The child gave no answer: the file is damaged, or took too much memory or time."""


@dataclass(frozen=True)
class Done:
    """
    The result of a job.

    :param answer: made of what JSON can hold.
    :param content: the file that the job made, if it makes one.
    """

    answer: object
    content: bytes = b""


def run_job(name, file, **options):
    """
    Run a job of `JOBS` on a file.

    The child has its own session. Its whole process group is killed at the end, whatever happens.

    :param file: an open file of bytes; it is read from its start and left there.
    :param options: passed to the function of the job; JSON must be able to hold them.
    :raises JobFailed: if there is no answer. The reason is in the log.
    """
    job = JOBS[name]
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
        file.seek(0)
        shutil.copyfileobj(file, given)
        file.seek(0)
        given.seek(0)
        command = [*PROGRAM, name, json.dumps(options)]
        streams = {"stdin": given, "stdout": output, "stderr": errors}
        status = ended(command, job.seconds + GRACE, cwd="/", env=ENVIRONMENT, **streams)
        try:
            if status:
                raise JobFailed(f"{name}: exit status {status}")
            return done(output, job)
        except JobFailed as error:
            logger.warning("A file could not be read. %s\n%s", error, last_of(errors))
            raise


def ended(command, seconds, **options):
    """Run a command, kill its process group after so many seconds at most, and return its exit status."""
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


def done(output, job):
    output.seek(0)
    try:
        answer = json.loads(output.readline(job.largest))
    except (ValueError, RecursionError) as error:
        raise JobFailed("The answer is no JSON.") from error
    return Done(answer, output.read())


def last_of(errors):
    errors.seek(max(errors.seek(0, os.SEEK_END) - MOST_LOGGED, 0))
    return errors.read().decode(errors="replace")
