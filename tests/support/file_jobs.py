"""Misbehaving jobs for `test_child.py`, and the program that runs them, without Django."""

import os
import resource
import signal
import subprocess
import sys
import time

from home.files import __main__ as program
from home.files.jobs import JOBS, MEGABYTE, Job

NAMES = ("told", "greedy", "busy", "killed", "noisy", "hung", "loud", "mute", "made")


def told(file, word):
    """Return what a job can find out about its environment."""
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {
        "content": file.read().decode(),
        "word": word,
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "modules": sorted(sys.modules),
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in names},
    }


def greedy(file):
    return len(bytearray(300 * MEGABYTE))


def busy(file):
    while True:
        pass


def killed(file):
    os.kill(os.getpid(), signal.SIGKILL)


def noisy(file):
    print("A library says hello.")
    os.system("echo A program says hello.")
    return "the answer"


def hung(file):
    """Start a child process, write its ID to the file that the input names, and hang."""
    child = subprocess.Popen(["sleep", "1000"])
    with open(file.read().decode(), "w") as told:
        told.write(str(child.pid))
    signal.alarm(0)
    time.sleep(1000)


def loud(file):
    return "x" * 2 * MEGABYTE


def mute(file):
    os._exit(0)


def made(file):
    return {"kind": "copy"}, file.read() * 2


for name in NAMES:
    seconds = 1 if name in {"busy", "hung"} else 30
    JOBS[name] = Job(globals()[name], seconds=seconds, memory=200 * MEGABYTE, largest=MEGABYTE)

if __name__ == "__main__":
    program.main(*sys.argv[1:])
