"""Keep processes running, and leave none behind."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial

logger = logging.getLogger(__name__)

# Seconds: for a process to end by itself, and for one to run until its falls are forgotten.
PATIENCE, CALM = 30, 60
PR_SET_PDEATHSIG = 1


class Backoff:
    """Seconds to wait before the next attempt: 1, 2, 4 and so on, up to a minute."""

    longest = 60

    def __init__(self):
        self.reset()

    def next(self):
        self.seconds = min(self.seconds * 2 or 1, self.longest)
        return self.seconds

    def reset(self):
        self.seconds = 0


class Child:
    """A process in a group of its own, with all that it starts itself. One that ends is started again."""

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.backoff, self.process, self.due = Backoff(), None, time.monotonic()

    def look(self):
        """Start the process if it is due. If it has ended, say so and decide when it is due."""
        if self.process is None and time.monotonic() >= self.due:
            self.start()
        elif self.process is not None and self.process.poll() is not None:
            if time.monotonic() - self.due > CALM:
                self.backoff.reset()
            self.put_off(f"ended with status {self.process.returncode}")
            self.end()

    def start(self):
        options = {"stdin": subprocess.DEVNULL, "process_group": 0}
        follow = partial(end_with_parent, os.getpid())
        try:
            self.process = subprocess.Popen(self.command, preexec_fn=follow, **options)
        except OSError as error:
            self.put_off(f"can't be started ({error})")

    def put_off(self, reason):
        seconds = self.backoff.next()
        self.due = time.monotonic() + seconds
        logger.error("The %s %s. It is started again in %s s.", self.name, reason, seconds)

    def terminate(self):
        if self.process is not None:
            self.process.terminate()

    def end(self):
        """Wait for the process, then end what is left of it and of all that it has started."""
        if self.process is None:
            return
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            logger.warning("The %s does not end by itself.", self.name)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def supervise(commands):
    """Run commands, by name, until this process is told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    children = [Child(name, command) for name, command in commands.items()]
    try:
        while True:
            for child in children:
                child.look()
            time.sleep(0.2)
    except KeyboardInterrupt:
        pass  # It is how to stop a site in a terminal.
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.end()


def end_with_parent(parent, sign=signal.SIGTERM):
    """
    Let the system send this process a signal when its parent dies, however that dies. On Linux only.

    :param parent: the number of that process; if it is not the parent any more, this process ends at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:
            os._exit(1)
