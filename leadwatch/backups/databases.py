"""More than one database in one process, and databases of other processes."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connections

from leadwatch.backups.archives import DATABASE, BackupError
from leadwatch.backups.sqlite import open_database
from leadwatch.processes.supervision import end_with_parent


def migrate(folder, **variables):
    """
    Run the migrations in another process, since some depend on the database that a process was started with.

    :param folder: where the SQLite database is, or is created.
    :param variables: those of the environment for another database.
    """
    command = [sys.executable, settings.BASE_DIR / "manage.py", "migrate", "--verbosity", "0"]
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": ""} | variables
    follow = partial(end_with_parent, os.getpid())
    ended = subprocess.run(command, env=environment, capture_output=True, check=False, preexec_fn=follow)
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines() or [""]
        raise BackupError(f"The new database can't be prepared: {said[-1]}")
    if (path := Path(folder) / DATABASE).exists():
        with closing(open_database(path)) as database:
            database.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def opened(alias, **changes):
    """Open a database during the block. What is not given is as in that of the site. Yield its alias."""
    connections.settings[alias] = connections.settings["default"] | changes
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


def opened_file(path):
    """Open a SQLite database."""
    return opened("file", ENGINE="django.db.backends.sqlite3", NAME=path, OPTIONS={})
