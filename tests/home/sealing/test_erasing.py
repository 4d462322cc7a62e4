"""What is deleted can't be read from the disk."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.support.copies import copy_database

# The site's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
WORD = "plantedmessage"
# One message has several pages of the database, the other one a part of a page.
WRITE = f"""
from home.models import ContactMessage
from tests.support import factories
for words in ("{WORD} " * 3000, "{WORD}"):
    ContactMessage.objects.create(page=factories.make_contact(), form_data={{"your_message": words}})
"""
WAYS = {
    "command": """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from home.models import ContactMessage
ContactMessage.objects.update(submit_time=timezone.now() - timedelta(days=400))
call_command("delete_old_messages", verbosity=0)
""",
    "inbox": """
from django.test import Client
from home.models import ContactMessage, User
client = Client(headers={"host": "127.0.0.1"})
client.force_login(User.objects.create_superuser("moderator"))
numbers = list(ContactMessage.objects.values_list("pk", flat=True))
client.post("/admin/messages/delete/", {"message": numbers, "confirmed": "yes"})
""",
    "page": """
from home.models import ContactPage
for page in ContactPage.objects.all():
    page.delete()
""",
}


def traces(folder):
    return [path.name for path in folder.glob("db.sqlite3*") if WORD.encode() in path.read_bytes()]


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """Return the folder of a site, and its environment."""
    if connection.vendor != "sqlite":
        pytest.skip("The file is SQLite's.")
    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock():
        return folder, copy_database(folder) | {
            "DJANGO_SETTINGS_MODULE": "tests.support.mortal",
            "BASE_URL": "http://127.0.0.1:8000",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "dummymail://",
            "PYTHONPATH": str(ROOT),
        }


@pytest.mark.parametrize("way", WAYS)
def test_a_deleted_message_is_gone_from_the_disk(site, way):
    folder, environment = site

    def run(script):
        # End without closing the connection, since SQLite empties its log when the last one is closed.
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command"]
        command.append(f"{script}\nimport os; os._exit(0)")
        subprocess.run(command, env=environment, cwd=ROOT, check=True)

    run(WRITE)
    assert traces(folder)
    run(WAYS[way])
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM home_contactmessage").fetchone() == (0,)
        assert traces(folder) == []
