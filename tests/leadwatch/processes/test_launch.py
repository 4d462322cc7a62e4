"""Commands on a server use the production settings, or say that they don't."""

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
    """Provide an empty environment, and the path for production.env."""
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "BASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(launch, "ENVIRONMENT_FILE", tmp_path / "production.env")
    return os.environ


def test_development_needs_no_environment(environment):
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.DEVELOPMENT


def test_production_env_selects_production(environment):
    launch.ENVIRONMENT_FILE.write_text(
        "# a server\nSECRET_KEY='a#b$c'\nBASE_URL=https://leadwatch.example.org\n"
    )
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION
    assert environment["SECRET_KEY"] == "a#b$c"
    assert environment["BASE_URL"] == "https://leadwatch.example.org"


def test_a_secret_key_in_the_environment_selects_production(environment):
    environment["SECRET_KEY"] = "long and random"
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION


def test_the_environment_overrides_production_env(environment):
    launch.ENVIRONMENT_FILE.write_text("SECRET_KEY=a\nBASE_URL=https://file.example.org\n")
    environment["BASE_URL"] = "https://other.example.org"
    launch.choose_settings()
    assert environment["BASE_URL"] == "https://other.example.org"


def test_explicit_settings_are_kept_and_development_reads_no_file(environment):
    launch.ENVIRONMENT_FILE.write_text("SECRET_KEY=a\n")
    environment["DJANGO_SETTINGS_MODULE"] = launch.DEVELOPMENT
    launch.choose_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.DEVELOPMENT
    assert "SECRET_KEY" not in environment


def test_a_server_uses_production_by_default(environment):
    launch.choose_settings(default=launch.PRODUCTION)
    assert environment["DJANGO_SETTINGS_MODULE"] == launch.PRODUCTION


HOLD = "import sys; from pathlib import Path; from leadwatch import data_folder as d; "
HOLD += "d.hold(Path(sys.argv[1]), sys.argv[2]); print('held', flush=True); input()"


@pytest.fixture
def running(tmp_path):
    """Start a process that locks a data folder like a site, until it is killed."""
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


def test_development_commands_are_refused_while_production_runs(running, tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.DEVELOPMENT)
    with pytest.raises(ImproperlyConfigured, match=r"production\.env"):
        launch.prepare("publish_scheduled")
    launch.prepare("check")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.PRODUCTION)
    launch.prepare("publish_scheduled")
    # The lock is released however the site ends.
    running.kill()
    running.wait()
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", launch.DEVELOPMENT)
    launch.prepare("publish_scheduled")


def test_servers_share_the_lock_of_the_folder(tmp_path, settings, monkeypatch):
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


def test_processes_that_start_at_once_agree_on_the_settings(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "_held", held := [])
    for module in (launch.PRODUCTION, launch.DEVELOPMENT, launch.DEVELOPMENT):
        data_folder.hold(tmp_path, module)
    assert data_folder.settings_in_use(tmp_path) == launch.DEVELOPMENT
    for file in held:
        file.close()
    assert data_folder.settings_in_use(tmp_path) is None


def test_a_process_that_waited_for_a_restore_that_was_killed_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "_held", held := [])
    data_folder.hold(tmp_path, launch.PRODUCTION)
    (tmp_path / data_folder.KEPT / f"2030-01-31{data_folder.UNFINISHED}").mkdir(parents=True)
    # Whoever starts next reads the settings, which put the files back.
    with pytest.raises(SystemExit, match="Start it again"):
        data_folder.hold(tmp_path, launch.PRODUCTION)
    for file in held:
        file.close()


def test_files_readable_by_others_are_closed(tmp_path):
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


def test_a_command_without_a_database_prints_a_message():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": launch.DEVELOPMENT,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "manage.py", "clearsessions"]
    said = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert said.returncode == 1
    assert "Connection refused" in said.stderr
    assert "Traceback" not in said.stderr
