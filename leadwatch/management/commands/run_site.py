import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from leadwatch.processes.supervision import supervise


class Command(BaseCommand):
    help = "Serves the site and runs background tasks and scheduled jobs until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port, **options):
        refuse_if_taken(port)
        manage = [sys.executable, settings.BASE_DIR / "manage.py"]
        if settings.DEBUG:
            server = [*manage, "runserver", f"127.0.0.1:{port}"]
        else:
            place = [f"--chdir={settings.BASE_DIR}", f"--config={settings.BASE_DIR / 'gunicorn.conf.py'}"]
            gunicorn = Path(sys.executable).with_name("gunicorn")
            server = [gunicorn, "leadwatch.wsgi", *place, f"--bind=127.0.0.1:{port}"]
        self.stdout.write(f"Serving the site at http://127.0.0.1:{port}. Press Ctrl-C to stop.")
        worker, scheduler = [*manage, "db_worker", "--no-startup-delay"], [*manage, "scheduler"]
        supervise({"server": server, "worker": worker, "scheduler": scheduler})


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
