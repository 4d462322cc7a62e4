import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Seconds that a process gets to end by itself.
PATIENCE = 10


class Command(BaseCommand):
    help = "Serves the site, does its background tasks and what is due by the clock, until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="Processes that serve, with DEBUG off.")

    def handle(self, *, port, workers, **options):
        manage = [sys.executable, sys.argv[0]]
        if settings.DEBUG:
            server = [*manage, "runserver", f"127.0.0.1:{port}"]
        else:
            gunicorn = Path(sys.executable).with_name("gunicorn")
            server = [gunicorn, "leadwatch.wsgi", f"--bind=127.0.0.1:{port}", f"--workers={workers}"]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        processes = [
            subprocess.Popen(command)
            for command in (
                server,
                [*manage, "db_worker", "--no-startup-delay", "--verbosity", "0"],
                [*manage, "scheduler"],
            )
        ]
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
            raise CommandError("A process of the site has ended, so the others are ended too; see above.")
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            end(processes)


def end(processes):
    """End processes, politely first."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
