"""Copies of the test database, for separate processes."""

import os
import secrets
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

from django.db import connection

from tests.support.postgres import free_port
from tests.support.snapshots import copy_on_postgres
from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
# Seconds in which a busy machine sets up a site and starts it.
PATIENCE = 180


class CopiedSite:
    """The site as in production, with a copy of the test database. Its output is in `log`."""

    def __init__(self, folder, **variables):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        production = {
            "DJANGO_SETTINGS_MODULE": "tests.support.mortal",
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "PYTHONPATH": str(ROOT),
        }
        self.environment = copy_database(folder) | production | variables
        self.log = folder / "server.log"

    def run(self, code):
        """Run Python code in the shell of the site. Return what it prints."""
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", code]
        ended = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return ended.stdout.decode()

    def start(self, *options, command=None, **process):
        """Start gunicorn with these options, or another command."""
        gunicorn = [Path(sys.executable).with_name("gunicorn"), "leadwatch.wsgi", f"--bind={self.url[7:]}"]
        command = command or [*gunicorn, *options]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, **process
            )
        try:
            wait_until(self.is_up, seconds=PATIENCE)
        except BaseException:
            self.stop()
            raise

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return urllib.request.urlopen(f"{self.url}/healthz")
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()


def copy_database(folder):
    """
    Copy the database as it is after migrations. Don't call it inside a test's transaction.

    :returns: an environment for a process that uses the copy and keeps its files in the folder.
    """
    environment = os.environ | {"DATA_DIR": str(folder), "SECRET_KEY": secrets.token_urlsafe(50)}
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(folder / "db.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        return environment
    settings = connection.settings_dict
    name = copy_on_postgres(f"{settings['NAME']}_copy")
    address = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    return environment | {"DATABASE_URL": f"postgres://{address}/{name}"}
