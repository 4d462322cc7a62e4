"""Keep processes running, and leave none behind."""

import ctypes
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from itertools import chain, repeat
from subprocess import DEVNULL, Popen, TimeoutExpired

logger = logging.getLogger(__name__)

PATIENCE, CALM = 30, 60  # Seconds to end by itself, and to run until failures are forgotten.
backoff = partial(chain, (1, 2, 4, 8, 16, 32), repeat(60))  # Seconds before each attempt.


class Child:
    """
    A process in its own process group, which is restarted when it ends.

    :param fork: a function that starts the first process, given what to call in it.
    """

    def __init__(self, name, command, fork=None):
        self.name, self.command, self.fork = name, command, fork
        self.process, self.pauses, self.due = None, backoff(), time.monotonic()

    def check(self):
        """Start the process if it is due. If it has ended, log that and schedule the restart."""
        if self.process is None and time.monotonic() >= self.due:
            try:
                self.start(partial(end_with_parent, os.getpid()))
            except OSError as error:
                self.retry(f"can't be started ({error})")
        elif self.process and self.process.poll() is not None:
            if time.monotonic() - self.due > CALM:
                self.pauses = backoff()
            self.retry(f"ended with status {self.process.returncode}")
            self.end()

    def start(self, follow):
        if self.fork:
            self.process, self.fork = self.fork(follow), None
        else:
            self.process = Popen(self.command, stdin=DEVNULL, process_group=0, preexec_fn=follow)

    def retry(self, reason):
        self.due = time.monotonic() + (pause := next(self.pauses))
        logger.error("The %s %s. It will be restarted in %s s.", self.name, reason, pause)

    def end(self):
        """Wait for the process to end, then kill the rest of its group."""
        try:
            self.process.wait(PATIENCE)
        except TimeoutExpired:
            logger.warning("The %s does not stop.", self.name)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def supervise(commands, forks=None):
    """Run commands, by name, until this process is stopped. `forks` start the first process of each."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    children = [Child(name, command, (forks or {}).get(name)) for name, command in commands.items()]
    try:
        while True:
            for child in children:
                child.check()
            time.sleep(0.2)
    finally:
        running = [child for child in children if child.process]
        for child in running:
            child.process.terminate()
        for child in running:
            child.end()


def end_with_parent(parent, sign=signal.SIGTERM):
    """Make the system send this process a signal when its parent dies for any reason (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, sign)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
