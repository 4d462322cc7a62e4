"""Keep the migrated SQLite database between runs: migrating takes many seconds, a copy a moment."""

import fcntl
import hashlib
import re
import sqlite3
from pathlib import Path

from django.apps import apps
from django.db import connection

ROOT = Path(__file__).parents[2]
IMPORTS = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)


class MigratedCopy:
    """
    The database of the tests as the migrations left it, in a file of `folder`.

    `load()` puts it in place, if there is one of the same migrations, and `save()` keeps it. Meanwhile other
    processes wait, so that only one of them migrates.
    """

    def __init__(self, folder):
        self.file = folder / f"{digest()}.sqlite3"
        self.lock = (folder / "lock").open("w")

    def load(self):
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if self.file.exists():
            copy(self.file, connection.settings_dict["TEST"]["NAME"])

    def save(self):
        if not self.file.exists():
            for old in self.file.parent.glob("*.sqlite3"):
                old.unlink()
            copy(connection.settings_dict["NAME"], self.file)
        self.lock.close()


def copy(source, target):
    with sqlite3.connect(source) as source_database, sqlite3.connect(target) as target_database:
        source_database.backup(target_database)
    source_database.close()
    target_database.close()


def digest():
    """Return a hash of the migrations, of our modules that they import, and of the settings."""
    files = {*ROOT.glob("leadwatch/settings/*.py")}
    for app in apps.get_app_configs():
        migrations = {*Path(app.path).glob("migrations/*.py")}
        names = {name for file in migrations for name in IMPORTS.findall(file.read_text())}
        files |= migrations | {ROOT / f"{name.replace('.', '/')}.py" for name in names}
    contents = sorted(file.read_bytes() for file in files if file.exists())
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:16]
