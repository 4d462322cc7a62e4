"""After a fire, `deploy/install` gets the site back from the second repository, whose backups it keeps."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from tests.support.copies import ROOT
from tests.support.installed import NAME, Machine

pytestmark = [
    # The site's database starts as a copy of the test database.
    pytest.mark.django_db,
    pytest.mark.skipif(os.geteuid() != 0, reason="not root"),
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
    pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed"),
]
SURVIVOR = """
from home.models import User
from tests.support.factories import make_home
User.objects.create_superuser("survivor", password="x")
make_home()
"""


@pytest.fixture(scope="module")
def machines(copy_site):
    """Return a machine with a site that is backed up elsewhere, and an empty one."""
    made = [copy_site(Machine), copy_site(Machine)]
    burnt, new = made
    shutil.rmtree(new.root)
    (burnt.secrets / "restic-password").write_text("a password")
    for machine in made:
        machine.variables |= {
            "RESTIC_REPOSITORY": machine.base / "backups" / "restic",
            "RESTIC_REPOSITORY_2": burnt.root.with_name("elsewhere"),
            "RESTIC_PASSWORD_FILE": machine.secrets / "restic-password",
        }
    (burnt.data / "media" / "images").mkdir(parents=True)
    (burnt.data / "media" / "images" / "street.jpg").write_bytes(b"a street")
    for words in (["shell", "--command", SURVIVOR], ["backup"]):
        manage(burnt, *words)
    yield burnt, new
    for machine in made:
        machine.systemd.close()


def manage(machine, *words):
    production = {"DJANGO_SETTINGS_MODULE": "leadwatch.settings.production"}
    environment = os.environ | production | {name: str(value) for name, value in machine.variables.items()}
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


def backups_elsewhere(machine):
    return sorted(path.name for path in (machine.variables["RESTIC_REPOSITORY_2"] / "snapshots").iterdir())


def test_one_command_gets_the_site_back(machines):
    burnt, new = machines
    (backup,) = backups_elsewhere(burnt)
    install = ("install", NAME, "--root", new.root)
    status, said = new.run(*install, "--restore")
    assert (status, "needs the files that you have kept" in said) == (1, True), said
    assert not new.root.exists()

    new.secrets.mkdir(parents=True)
    new.write_variables()
    shutil.copy(burnt.secrets / "restic-password", new.secrets)
    # An empty site's backups would take the place of those that are there.
    status, said = new.run(*install)
    assert (status, "add --restore" in said) == (1, True), said
    assert not new.base.exists()

    status, said = new.run(*install, "--restore")
    assert (status, "as it was at the last backup" in said) == (0, True), said
    assert (new.data / "media" / "images" / "street.jpg").read_bytes() == b"a street"
    with sqlite3.connect(new.data / "db.sqlite3") as database:
        assert database.execute("SELECT username FROM home_user").fetchall() == [("survivor",)]
    database.close()
    assert backups_elsewhere(new) == [backup]

    status, said = new.run(*install, "--restore")
    assert "no backup takes its place" in said
    assert "Nothing was changed" in said
    manage(new, "backup")
    assert len(backups_elsewhere(new)) == 1
    assert backups_elsewhere(new) != [backup]
