"""The folder with all data of a site: readable only by the site's user, and locked while the site runs."""

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress

# The contents of the folder. The mode of a subfolder also protects everything in it.
PRIVATE = (
    *("backups", "before-restore", "cache", "background", "media", "static"),
    *("db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal", "running", "secret_key"),
)
LOCK = "running"
# Locks held until this process ends. The kernel releases them, so there is nothing stale after a crash.
_held = []


def make_private(folder):
    """Make new files of this process, and existing files in the folder, readable only by its user."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    for name in PRIVATE:
        path = folder / name
        # The file may be missing, or belong to another user.
        with suppress(OSError):
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(mode & 0o700)


def hold(folder, settings_module):
    """Mark the folder as in use until this process ends. Wait while a restore runs."""
    # On a read-only disk, for instance, the site runs without the lock.
    with suppress(OSError):
        # open(..., "a+") would always write at the end.
        file = os.fdopen(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        fcntl.flock(file, fcntl.LOCK_SH)
        # Write in place: the processes of a site start at the same time and write the same content.
        os.pwrite(file.fileno(), settings_module.encode(), 0)
        os.ftruncate(file.fileno(), len(settings_module))
        _held.append(file)


@contextmanager
def alone(folder):
    """Keep a site from starting on the folder within the block. Yield False if one is already running."""
    with (folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def settings_in_use(folder):
    """Return the settings module of the site that runs on the folder, or None."""
    if not (folder / LOCK).is_file():
        return None
    with alone(folder) as is_free:
        return None if is_free else (folder / LOCK).read_text()


# A restore moves the old state here. The folder is renamed to a date once the new state is in place.
KEPT, UNFINISHED = "before-restore", "unfinished"
# Prefix of the temporary folders of a restore.
RESTORING = "restoring-"


# SQLite's log of the old database must never be next to the new one.
DATABASE_FILES = ("db.sqlite3-wal", "db.sqlite3-shm", "db.sqlite3")


def exchange(folder, new, kept_as, names=(*DATABASE_FILES, "media"), and_then=None):
    """
    Move the contents of `new`, on the same disk, into the data folder, and the files `names` to `kept_as`.

    :param and_then: is called at the end. If it fails, everything is put back.
    """
    aside = folder / KEPT / UNFINISHED
    aside.mkdir(parents=True)
    # Write the new files to disk before they get their names.
    os.sync()
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(aside / name)
        for path in sorted(new.iterdir()):
            path.rename(folder / path.name)
        if and_then:
            and_then()
        return aside.rename(folder / KEPT / kept_as)
    except BaseException:
        put_back(folder)
        raise


def put_back(folder):
    """Undo an interrupted exchange, if there is one."""
    aside = folder / KEPT / UNFINISHED
    if aside.is_dir():
        for kept in sorted(aside.iterdir()):
            live = folder / kept.name
            if live.is_dir():
                shutil.rmtree(live)
            kept.replace(live)
        aside.rmdir()


def recover(folder):
    """Restore the old state if a restore was killed. Do nothing while a restore runs."""
    if (folder / KEPT / UNFINISHED).is_dir():
        with alone(folder) as is_free:
            if is_free:
                put_back(folder)
                for scratch in folder.glob(f"{RESTORING}*"):
                    shutil.rmtree(scratch, ignore_errors=True)
