"""Let a backup that was unpacked and checked take the place of the site's data, which is kept."""

import tempfile
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from leadwatch import data_folder
from leadwatch.backups import media, postgres
from leadwatch.backups.archives import COPIES, DATABASE, MEDIA, told
from leadwatch.backups.databases import migrate
from leadwatch.backups.schemas import is_switched, kept_as
from leadwatch.backups.sqlite import open_database


@contextmanager
def site_at_rest(failure):
    """
    Keep the site from starting during the block. Yield an empty folder on the disk of its data.

    :param failure: the beginning of the message if something goes wrong.
    """
    folder = Path(settings.DATA_DIR)
    with data_folder.alone(folder) as is_free:
        if not is_free:
            raise CommandError("The site is running. Stop it first, with its worker and scheduler.")
        with (
            told(f"{failure}, and nothing has changed"),
            tempfile.TemporaryDirectory(dir=folder, prefix=data_folder.RESTORING) as scratch,
        ):
            (new := Path(scratch) / "new").mkdir()
            yield new


def put_in_place(new):
    """
    Let the database, the media and the kept copies in a folder take the place of those of the site. If the
    folder contains no media, the site keeps its own.

    :returns: sentences about the previous state.
    """
    folder, date = Path(settings.DATA_DIR), f"{timezone.localtime():%Y-%m-%d-%H%M%S}"
    names, stored = (*data_folder.DATABASE_FILES, COPIES), new.parent / MEDIA
    if (new / MEDIA).exists() and media.are_local():
        names += (MEDIA,)
    elif (new / MEDIA).exists():
        (new / MEDIA).rename(stored)
        media.add_missing(stored)
    if connection.vendor == "postgresql":
        told = in_postgres(folder, new, date, names)
    else:
        told = f"The previous state is in {data_folder.exchange(folder, new, date, names)}."
    if stored.exists():
        told += finish_bucket(stored, folder / data_folder.KEPT / date / MEDIA)
    return f"{told} Delete it once everything works."


def finish_bucket(stored, aside):
    """Remove from the bucket what isn't in the backup. The restored site already has all it needs."""
    try:
        media.remove_others(stored, aside)
        media.add_missing(stored)
    except Exception as error:
        return f" Files of the previous state are still in the bucket: {error}. Restore the backup again."
    return ""


def in_postgres(folder, new, date, names):
    postgres.check_is_alone()
    try:
        postgres.build(new / DATABASE)
        (new / DATABASE).unlink()
        switched = partial(is_switched, connection.settings_dict)
        kept = data_folder.exchange(folder, new, date, names, partial(postgres.exchange, date), switched)
    except BaseException:
        postgres.drop_new()
        raise
    return f"The previous database is in its schema {kept_as(date)}, and previous files are in {kept}."


def complete(folder, missing):
    """
    Bring an unpacked database up to date if the site needs that: rows are copied to PostgreSQL only between
    databases of the same version, and backups of sites on PostgreSQL have no search index.

    :returns: the migrations that are still missing.
    """
    path, work = folder / DATABASE, folder.parent / "work"
    if connection.vendor == "sqlite" and (missing or has_index(path)):
        return missing
    if missing or connection.vendor == "sqlite":
        work.mkdir()
        path.rename(work / DATABASE)
        migrate(work)
        (work / DATABASE).rename(path)
    return []


def has_index(path):
    with closing(open_database(path, "immutable=1")) as database:
        return database.execute("SELECT 1 FROM search_entry").fetchone()
