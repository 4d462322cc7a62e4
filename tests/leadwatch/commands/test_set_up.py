"""`set_up` prepares a site once, and says in words why it can't."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Page

from leadwatch.page_cache import versions

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _without_static_files(settings):
    settings.DEBUG = True


@pytest.mark.django_db
def test_a_new_site_gets_content_and_an_account_once(capsys):
    call_command("set_up")
    words = capsys.readouterr().out
    assert words.startswith("Adding the starter content.\n")
    assert "as editor, with the password " in words
    pages = Page.objects.count()
    assert pages > 40
    call_command("set_up")
    assert capsys.readouterr().out == ""
    assert Page.objects.count() == pages
    assert get_user_model().objects.count() == 1


def lose_a_page():
    Page.objects.filter(depth=2).delete()


def lose_a_migration():
    MigrationRecorder.Migration.objects.get(app="home", name="0003_fetched_images").delete()


@pytest.mark.django_db
def test_what_an_interrupted_run_lacks_is_added():
    """It was stopped after the last migration, so only Django's signal was missing."""
    triggers = versions.vendor_of("default").drops
    with connection.cursor() as cursor:
        versions.drop_triggers(plan=["a migration"])
        assert not triggers(cursor)
        Permission.objects.filter(codename="add_eventpage").delete()
        call_command("set_up")
        assert triggers(cursor)
    assert Permission.objects.filter(codename="add_eventpage").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("lose", [lose_a_page, lose_a_migration])
def test_an_incomplete_database_is_named(lose):
    lose()
    with pytest.raises(CommandError, match=r"The database can't be used: .+\n.+restore a backup"):
        call_command("set_up")
    assert not get_user_model().objects.exists()


def test_a_damaged_database_is_named(tmp_path):
    (tmp_path / "db.sqlite3").write_bytes(b"This is not a database. " * 1000)
    settings = {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev"}
    environment = os.environ | settings | {"DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "set_up"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("CommandError: The database can't be used: file is not a database\n")
    assert "Traceback" not in ended.stderr
