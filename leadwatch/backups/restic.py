"""
Hand backups to restic, which encrypts them, stores only what is new, deletes old ones and checks itself.

restic reads its password and the keys of a cloud from environment variables. RESTIC_REPOSITORY_2 is a second
repository with the same password, elsewhere.
"""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from functools import partial

from django.utils import timezone

from leadwatch.backups.archives import BackupError
from leadwatch.processes.supervision import end_with_parent

HERE, ELSEWHERE = "RESTIC_REPOSITORY", "RESTIC_REPOSITORY_2"
PASSWORDS = ("RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND", "RESTIC_PASSWORD")
FILE = "leadwatch.tar"
# Seven daily and four weekly backups. With the day until the next backup, none gets older than 29 days.
KEEP = ("--keep-within-daily", "7d", "--keep-within-weekly", "28d")
# Each night, another one of so many parts of the stored data is read and checked.
PARTS = 28


def is_set_up():
    return bool(os.environ.get(HERE))


def store(write):
    """Store what `write` writes to a stream."""
    make_ready(HERE)
    with running(HERE, "backup", "--stdin", "--stdin-filename", FILE, "--host", "leadwatch") as restic:
        write(restic.stdin)


def copies_elsewhere():
    return is_set_up() and bool(os.environ.get(ELSEWHERE))


def copy_elsewhere():
    """Copy new backups to the second repository, and look after those there."""
    known = [name for name in (HERE, *PASSWORDS) if os.environ.get(name)]
    source = {name.replace("RESTIC_", "RESTIC_FROM_"): os.environ[name] for name in known}
    make_ready(ELSEWHERE, "--copy-chunker-params", **source)
    run(ELSEWHERE, "copy", **source)
    tidy(ELSEWHERE)


def make_ready(repository, *options, **variables):
    """Create a repository if there is none, and remove the locks of processes that were killed."""
    try:
        run(repository, "cat", "config")
    except BackupError as error:
        if "unable to open config file" not in str(error):
            raise
        run(repository, "init", *options, **variables)
    run(repository, "unlock")


def tidy(repository):
    """Delete old backups and check the others. `--prune` alone would leave parts of them in the files."""
    run(repository, "forget", *KEEP, "--group-by", "", "--prune", "--max-unused", "0")
    part = timezone.localdate().toordinal() % PARTS + 1
    run(repository, "check", f"--read-data-subset={part}/{PARTS}")


def snapshots(repository):
    """Return a table of the stored backups."""
    return run(repository, "snapshots", "--compact")


@contextmanager
def open_backup(repository, snapshot):
    """Open a stored backup. `snapshot` is "latest" or an ID."""
    with running(repository, "dump", snapshot, FILE) as restic:
        yield restic.stdout


def run(repository, *words, **variables):
    """Run a command of restic. Return what it prints."""
    with running(repository, *words, **variables) as restic:
        restic.stdin.close()
        return restic.stdout.read().decode()


@contextmanager
def running(repository, *words, **variables):
    """Run a command of restic during the block. If it fails, raise a BackupError with restic's own words."""
    if not os.environ.get(repository):
        raise BackupError(f"{repository} is not set.")
    if not any(os.environ.get(name) for name in PASSWORDS):
        raise BackupError(f"{PASSWORDS[0]} is not set. It is the path of a file with restic's password.")
    with tempfile.TemporaryFile() as errors:
        try:
            restic = subprocess.Popen(
                ["restic", "--quiet", *words],
                env=os.environ | variables | {HERE: os.environ[repository]},
                preexec_fn=partial(end_with_parent, os.getpid()),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except FileNotFoundError as error:
            raise BackupError("restic is not installed. On Debian: apt-get install restic") from error
        try:
            with restic:
                try:
                    yield restic
                except BaseException:
                    # If only its input ended, restic would store the half of a backup.
                    restic.terminate()
                    restic.wait()
                    raise
        finally:
            if restic.returncode > 0:
                errors.seek(0)
                said = " ".join(errors.read().decode(errors="replace").split())
                raise BackupError(f"restic {words[0]}: {said or restic.returncode}")
