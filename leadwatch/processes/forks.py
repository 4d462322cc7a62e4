"""Start management commands in forks of this process, which has imported the site already."""

import os
import signal
import sys
from multiprocessing import get_context
from subprocess import TimeoutExpired

from django.conf import settings
from django.core.management import call_command
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

# The status with which Django's reloader ends a process whose code has changed.
CODE_HAS_CHANGED = 3


def manage(*words):
    """Return the command line of a management command."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]


class Fork(get_context("fork").Process):
    """
    A management command in a fork of this process, with the methods of Popen that a supervisor uses.

    It starts without importing anything. When code has changed, it starts anew as a process of its own.

    :param words: the command and its arguments.
    :param begin: called in the new process before the command.
    """

    def __init__(self, words, begin):
        super().__init__()
        self.words, self.begin = words, begin
        self.start()

    @property
    def returncode(self):
        return self.exitcode

    def poll(self):
        return self.exitcode

    def wait(self, timeout=None):
        self.join(timeout)
        if self.exitcode is None:
            raise TimeoutExpired(self.words, timeout)

    def run(self):
        os.setpgid(0, 0)
        self.begin()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # Django would start another process, which would import everything again.
        os.environ[DJANGO_AUTORELOAD_ENV] = "true"
        try:
            call_command(*self.words)
        except SystemExit as end:
            if end.code != CODE_HAS_CHANGED:
                raise
            del os.environ[DJANGO_AUTORELOAD_ENV]
            os.execv(sys.executable, manage(*self.words))
