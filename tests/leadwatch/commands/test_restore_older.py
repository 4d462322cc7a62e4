"""Databases of earlier versions can be restored, whichever of the squashed migrations they have run."""

import sqlite3
import tarfile
from contextlib import closing

import pytest
from django.db.migrations.loader import MigrationLoader

from leadwatch.backups.restores import check_database
from tests.support.releases import FOLDER, RELEASES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("release", RELEASES)
def test_the_database_of_a_release_is_found_whole(release, tmp_path):
    with tarfile.open(FOLDER / release) as archive:
        archive.extract("db.sqlite3", tmp_path, filter="data")
    assert "leadwatch.0002_permissions_of_groups" in check_database(tmp_path / "db.sqlite3", dangling=1_000)


def later_migrations(app, first):
    names = [name for label, name in MigrationLoader(None).disk_migrations if label == app and name > first]
    return [f"{app}.{name}" for name in sorted(names)]


# A migration of leadwatch needs one of home.
@pytest.mark.parametrize("lost", [[], [("home", "0023"), ("leadwatch", "0003")]])
def test_a_database_from_before_migrations_were_squashed_is_found_whole(lost, site_database, tmp_path):
    path = tmp_path / "db.sqlite3"
    path.write_bytes(site_database)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "DELETE FROM django_migrations WHERE app IN ('home', 'timeline') AND name LIKE '%squashed%'"
        )
        for app, last in lost:
            database.execute("DELETE FROM django_migrations WHERE app = ? AND name > ?", [app, last])
    expected = [name for app, last in lost for name in later_migrations(app, last)]
    assert check_database(path, dangling=0) == expected
