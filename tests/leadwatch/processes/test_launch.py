"""A command on a server uses the settings of production, or says that it does not."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from leadwatch import data_folder
from leadwatch.processes import launch


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An environment that says nothing, and the place of a production.env."""
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "BASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(launch, "ENVIRONMENT_FILE", tmp_path / "production.env")
    return os.environ


def test_work_on_the_site_needs_nothing(environment):
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.DEVELOPMENT


def test_a_production_env_makes_it_production(environment):
    launch.ENVIRONMENT_FILE.write_text(
        "# a server\nSECRET_KEY='a#b$c'\nBASE_URL=https://leadwatch.example.org\n"
    )
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION
    assert environment["SECRET_KEY"] == "a#b$c"
    assert environment["BASE_URL"] == "https://leadwatch.example.org"


def test_so_does_a_secret_key_in_the_environment(environment):
    environment["SECRET_KEY"] = "long and random"
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION


def test_the_environment_stands_over_the_file(environment):
    launch.ENVIRONMENT_FILE.write_text("SECRET_KEY=a\nBASE_URL=https://file.example.org\n")
    environment["BASE_URL"] = "https://other.example.org"
    launch.choose_settings()
    assert environment["BASE_URL"] == "https://other.example.org"


def test_settings_that_are_named_stay_and_those_of_development_read_no_file(environment):
    launch.ENVIRONMENT_FILE.write_text("SECRET_KEY=a\n")
    environment["DJANGO_SETTINGS_MODULE"] = launch.DEVELOPMENT
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.DEVELOPMENT
    assert "SECRET_KEY" not in environment


def test_a_server_is_production_unless_it_is_told_otherwise(environment):
    launch.choose_settings(default=launch.PRODUCTION)
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION


HOLD = "import sys; from pathlib import Path; from leadwatch import data_folder as d; "
HOLD += "d.hold(Path(sys.argv[1]), sys.argv[2]); print('held', flush=True); input()"


@pytest.fixture
def running(tmp_path):
    """A process that holds a data folder as a site does, until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), launch.PRODUCTION],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=launch.ENVIRONMENT_FILE.parent,
    )
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_a_command_of_development_is_refused_beside_a_site_in_production(
    running, tmp_path, settings, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.DEVELOPMENT)
    with pytest.raises(ImproperlyConfigured, match=r"production\.env"):
        launch.prepare("publish_scheduled")
    launch.prepare("check")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.PRODUCTION)
    launch.prepare("publish_scheduled")
    # However the site ends, its lock goes with it.
    running.kill()
    running.wait()
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.DEVELOPMENT)
    launch.prepare("publish_scheduled")


def test_what_serves_locks_the_folder_and_nobody_is_alone_there(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(data_folder, "_held", held := [])
    with data_folder.alone(tmp_path) as is_free:
        assert is_free
    launch.prepare("migrate")
    assert not held
    launch.prepare("scheduler")
    with data_folder.alone(tmp_path) as is_free:
        assert not is_free
    held.pop().close()


def test_processes_that_start_together_write_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "_held", held := [])
    for module in (launch.PRODUCTION, launch.DEVELOPMENT, launch.DEVELOPMENT):
        data_folder.hold(tmp_path, module)
    assert data_folder.settings_in_use(tmp_path) == launch.DEVELOPMENT
    for file in held:
        file.close()
    assert data_folder.settings_in_use(tmp_path) is None


def test_what_others_could_read_is_closed(tmp_path):
    media, database, other = tmp_path / "media", tmp_path / "db.sqlite3", tmp_path / "else"
    media.mkdir()
    database.touch()
    other.touch()
    for path in (media, database, other):
        path.chmod(0o755)
    data_folder.make_private(tmp_path)
    assert [oct(path.stat().st_mode & 0o777) for path in (media, database, other)] == [
        "0o700",
        "0o700",
        "0o755",
    ]
    (tmp_path / "new").touch()
    assert oct((tmp_path / "new").stat().st_mode & 0o777) == "0o600"


def test_a_command_without_its_database_says_so_in_words():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": launch.DEVELOPMENT,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "manage.py", "clearsessions"]
    said = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert said.returncode == 1
    assert "Connection refused" in said.stderr
    assert "Traceback" not in said.stderr
