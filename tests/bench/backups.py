"""
Measure backups and restores of a site with 10,000 events and 1 GB of media, on SQLite and on PostgreSQL.

    python -m tests.bench.backups

It prints the time, the time of the processor, and the most memory that each command and its children took.
With SITE=folder, it uses a data folder that a former run has made.
"""

import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support import postgres

ROOT = Path(__file__).parents[2]
EVENTS, IMAGES, SIZE = 10_000, 500, 2_000_000
REVISIONS = """
    INSERT INTO wagtailcore_revision
    (created_at, content, base_content_type_id, content_type_id, object_id, object_str)
    SELECT r.created_at, r.content, r.base_content_type_id, r.content_type_id, e.page_ptr_id, r.object_str
    FROM timeline_eventpage e, wagtailcore_revision r WHERE r.id = %s
"""


def fill():
    """Add the events, each with a revision, and the images."""
    from django.conf import settings
    from django.db import connection, transaction

    from tests.bench import events
    from timeline.models import EventPage

    with transaction.atomic(), connection.cursor() as cursor:
        events.fill(EVENTS)
        cursor.execute(REVISIONS, [EventPage.objects.first().save_revision().pk])
    (folder := Path(settings.MEDIA_ROOT, "images")).mkdir(parents=True)
    for number in range(IMAGES):
        (folder / f"{number}.jpg").write_bytes(secrets.token_bytes(SIZE))


def tree(process):
    """Yield the ids of a process and of those that it has started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def memory(process):
    """Return the bytes that only a process uses, and its part of what it shares."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def processor():
    """Return the seconds of the processor that ended children have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measured(environment, *words):
    """Run a command and print its figures. Return its output."""
    start, used, most = time.monotonic(), processor(), 0
    command = [sys.executable, "manage.py", *words]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max(most, sum(memory(number) for number in tree(process.pid)))
            time.sleep(0.05)
        said = process.stdout.read().strip()
    assert process.returncode == 0
    kind = "PostgreSQL" if environment["DATABASE_URL"] else "SQLite"
    where = "restic" if environment["RESTIC_REPOSITORY"] else "archive"
    seconds, used = time.monotonic() - start, processor() - used
    print(
        f"{kind:10} {where:7} {words[0]:7} {seconds:5.0f} s {used:5.0f} s {most / 2**20:5.0f} MiB", flush=True
    )
    return said


def main():
    with tempfile.TemporaryDirectory() as folder, postgres.cluster() as address:
        folder = Path(folder)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "BASE_URL": "http://127.0.0.1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "DATA_DIR": os.environ.get("SITE", str(folder / "site")),
            "DATABASE_URL": "",
            "RESTIC_REPOSITORY": "",
            "RESTIC_PASSWORD": "for this run",
            "RESTIC_CACHE_DIR": str(folder / "cache"),
        }
        if "SITE" not in os.environ:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True
            )
            code = "import django; django.setup(); from tests.bench.backups import fill; fill()"
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
        archive = measured(environment, "backup")
        with_restic = environment | {"RESTIC_REPOSITORY": str(folder / "repository")}
        for _time in range(2):
            measured(with_restic, "backup")
            size = sum(path.stat().st_size for path in (folder / "repository").rglob("*") if path.is_file())
            print(f"restic's repository: {size / 1e6:,.0f} MB", flush=True)
        other = environment | {"DATA_DIR": str(folder / "other")}
        measured(other, "restore", archive)
        shutil.rmtree(folder / "other" / "before-restore")
        measured(other | {"DATABASE_URL": address}, "restore", archive)
        again = measured(other | {"DATABASE_URL": address}, "backup")
        measured(with_restic | {"DATA_DIR": other["DATA_DIR"], "DATABASE_URL": address}, "backup")
        measured(environment | {"DATA_DIR": str(folder / "third")}, "restore", again)


if __name__ == "__main__":
    main()
