"""The folder with all data of a site: readable only by the site's user, and locked while the site runs."""

import fcntl
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

# The contents of the folder. The mode of a subfolder also protects everything in it.
PRIVATE = (
    *("backups", "before-restore", "cache", "background", "copies", "media", "static"),
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
    if unfinished(folder):
        sys.exit("A restore was killed while this process waited for it. Start it again.")


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


# A restore moves the old state to a folder here, named by its date, and with this ending until all is done.
KEPT, UNFINISHED = "before-restore", "-unfinished"
# Prefix of the temporary folders of a restore.
RESTORING = "restoring-"


# SQLite's log of the old database must never be next to the new one.
DATABASE_FILES = ("db.sqlite3-wal", "db.sqlite3-shm", "db.sqlite3")


def exchange(folder, new, date, names=(*DATABASE_FILES, "media"), and_then=None, is_switched=None):
    """
    Move the contents of `new`, on the same disk, into the data folder, and the files `names` out of it.

    :param and_then: is called at the end, for a database that is not in the folder.
    :param is_switched: tells from a date whether that database is already the new one. If something fails
        before, everything is put back.
    :returns: the folder in which the previous files are.
    """
    aside = folder / KEPT / f"{date}{UNFINISHED}"
    aside.mkdir(parents=True)
    # Write the new files to disk before they get their names.
    os.sync()
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(aside / name)
        # The database comes last. Without its media and copies, it would be half a site.
        for path in sorted(new.iterdir(), key=lambda path: path.name in DATABASE_FILES):
            path.rename(folder / path.name)
        if and_then:
            and_then()
        aside.rename(folder / KEPT / date)
    except BaseException:
        if not settle(folder, aside, is_switched):
            raise
    return folder / KEPT / date


def unfinished(folder):
    return list((folder / KEPT).glob(f"*{UNFINISHED}"))


def settle(folder, aside, is_switched):
    """Finish an interrupted exchange if its database is the new one, and undo it otherwise."""
    date = aside.name.removesuffix(UNFINISHED)
    if is_done := is_switched and is_switched(date):
        aside.rename(folder / KEPT / date)
    else:
        put_back(folder, aside)
    return is_done


def put_back(folder, aside):
    for kept in sorted(aside.iterdir()):
        live = folder / kept.name
        if live.is_dir():
            shutil.rmtree(live)
        kept.replace(live)
    aside.rmdir()


def recover(folder, is_switched=None):
    """Finish or undo a restore that was killed, and delete what it has unpacked, unless one is running."""
    asides = unfinished(folder)
    # A read-only disk is no reason not to start.
    scratch = [*folder.glob(f"{RESTORING}*")] if os.access(folder, os.W_OK) else []
    if asides or scratch:
        with alone(folder) as is_free:
            # Another process may have done it in the meantime.
            for path in filter(Path.is_dir, asides if is_free else ()):
                settle(folder, path, is_switched)
            for path in scratch if is_free else ():
                shutil.rmtree(path, ignore_errors=True)
