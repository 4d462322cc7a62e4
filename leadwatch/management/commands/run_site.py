import os
import socket
import sys
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from leadwatch.processes.forks import Fork, manage
from leadwatch.processes.supervision import supervise


class Command(BaseCommand):
    help = "Serves the site and runs background tasks and scheduled jobs until stopped."
    # The server checks the settings, and `make lint` the code.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--set-up", action="store_true", help="First do what `set_up` does.")

    def handle(self, *, port, set_up, **options):
        refuse_if_taken(port)
        if set_up:
            self.set_up()
        self.stdout.write(f"Serving the site at http://127.0.0.1:{port}. Press Ctrl-C to stop.")
        self.stdout.flush()
        words = {
            "server": ["runserver", f"127.0.0.1:{port}"],
            "worker": ["db_worker", "--no-startup-delay"],
            "scheduler": ["scheduler"],
        }
        commands = {name: manage(*command) for name, command in words.items()}
        if settings.DEBUG:
            supervise(commands, {name: partial(Fork, command) for name, command in words.items()})
        else:
            supervise(commands | {"server": gunicorn(port)})

    def set_up(self):
        """Set the site up in a child process, since the memory for migrations would never be returned."""
        if child := os.fork():
            if settings.DEBUG:
                # Meanwhile, import what the server needs. If that fails, the server says why.
                with suppress(Exception):
                    import_module(settings.ROOT_URLCONF)
            _child, status = os.waitpid(child, 0)
            if status:
                sys.exit(os.waitstatus_to_exitcode(status))
        else:
            call_command("set_up", stdout=self.stdout)
            sys.exit(0)


def gunicorn(port):
    """Return the command line of the server for production."""
    program = Path(sys.executable).with_name("gunicorn")
    place = [f"--chdir={settings.BASE_DIR}", f"--config={settings.BASE_DIR / 'gunicorn.conf.py'}"]
    return [program, "leadwatch.wsgi", *place, f"--bind=127.0.0.1:{port}"]


def refuse_if_taken(port):
    """Fail immediately if another program uses the port, instead of restarting the server repeatedly."""
    with socket.socket() as probe:
        # Like servers, allow connections of the previous server to be still closing.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            words = f"Port {port} can't be used: {error.strerror}. Try PORT={port + 1}."
            raise CommandError(words) from error
