"""Each problem is provoked, and must be seen at /readyz, on the admin's first screen and by `doctor`."""

import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from leadwatch.health import server
from leadwatch.page_cache.versions import content_version
from leadwatch.processes import background
from tests.support.copies import ROOT
from tests.support.people import member

pytestmark = pytest.mark.django_db

# What the addresses for monitors answer: for visitors, for an upgrade, and for whoever runs the site.
NOTHING, PAGES, BACKGROUND, ANY = (200, 200, 200), (503, 503, 503), (200, 503, 503), (200, 200, 503)


@pytest.fixture
def folder(tmp_path, settings):
    """The data folder of a site on the internet that is in order."""
    settings.DATA_DIR, settings.BASE_URL = tmp_path / "data", "https://leadwatch.test"
    fill(settings.DATA_DIR)
    return settings.DATA_DIR


def fill(folder):
    (folder / "backups").mkdir(parents=True)
    (folder / "backups" / "complete").touch()
    for process in background.PROCESSES:
        background.beat(process)


@pytest.fixture
def small_disk(folder):
    mount = ["mount", "-t", "tmpfs", "-o", "size=1M,nr_inodes=200", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("Mounting is not allowed here.")
    fill(folder)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def places(admin_client, capsys, monkeypatch):
    """Return a function that returns the statuses of /readyz, and the problems that all places name."""
    monkeypatch.setattr("leadwatch.management.commands.doctor.server_problems", lambda: ())

    def look():
        answers = [admin_client.get(path) for path in ("/readyz", "/readyz/background", "/readyz/all")]
        (lines,) = {answer.content.decode() for answer in answers}
        named = [line for line in lines.splitlines() if line != "ok"]
        assert lines.startswith("ok") is (answers[0].status_code == 200)
        page = BeautifulSoup(admin_client.get("/admin/").content, "html.parser")
        shown = page.select("section[aria-labelledby=lw-wrong] li")
        assert [item.strong.get_text(strip=True) for item in shown] == named
        with pytest.raises(CommandError) if named else nullcontext():
            call_command("doctor")
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if line[0] != " "][: len(named) or 1] == (
            named or ["No problem was found."]
        )
        # What to do is the same, too.
        advice = " ".join(line.strip() for line in lines if line[0] == " ")
        assert advice == " ".join(item.p.get_text(strip=True) for item in shown if item.p)
        # What helps with several problems is said once.
        assert bool(named) is bool(advice)
        assert len(shown) == 0 or shown[-1].p
        paragraphs = [item.p.get_text() for item in shown if item.p]
        assert len(paragraphs) == len(set(paragraphs))
        return tuple(answer.status_code for answer in answers), named

    return look


def make_old(path, **age):
    then = time.time() - timedelta(**age).total_seconds()
    os.utime(path, (then, then))


def test_a_site_in_order_has_no_problems(folder, places):
    assert places() == (NOTHING, [])


def test_a_damaged_database(tmp_path):
    """The first screen can't be shown then; tests/faults asks /readyz of a served site."""
    (tmp_path / "db.sqlite3").write_bytes(b"This is not a database. " * 1000)
    settings = {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev"}
    environment = os.environ | settings | {"DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "doctor"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stdout.startswith("The database is unavailable.\n    On the server, ")
    assert "Traceback" not in ended.stderr


def test_a_missing_migration(folder, places):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    assert places() == (PAGES, ["Migrations are missing."])


@pytest.fixture
def version_folder(settings):
    # Other users can't open pytest's folders.
    with tempfile.TemporaryDirectory(prefix="leadwatch-version-") as folder:
        settings.VERSION_DIR, settings.NGINX_KEEPS_PAGES = Path(folder) / "version", True
        Path(folder).chmod(0o755)
        yield settings.VERSION_DIR


def test_nginx_can_see_the_version(folder, version_folder, places):
    assert places() == (NOTHING, [])
    assert os.readlink(version_folder / "current").endswith(f"-{content_version()}")
    # /readyz sees that the link is wrong, and corrects it.
    (version_folder / "current").unlink()
    (version_folder / "current").symlink_to("0-1.a")
    assert places() == (NOTHING, [])
    assert os.readlink(version_folder / "current").endswith(f"-{content_version()}")


@pytest.mark.parametrize("is_closed", [True, False])
def test_nginx_cannot_see_the_version(folder, version_folder, places, is_closed):
    if is_closed:
        places()
        version_folder.chmod(0o700)
    else:
        # Tests run as root, who may write anywhere.
        version_folder.write_text("This is no folder.")
    assert places() == (BACKGROUND, ["The web server in front can't see which pages are old."])


@pytest.mark.parametrize("is_purged", [True, False])
def test_a_cache_in_front_that_cannot_be_emptied(folder, version_folder, settings, places, is_purged):
    settings.WAGTAILFRONTENDCACHE = {"default": {}}
    # The change was a moment ago.
    assert places() == (NOTHING, [])
    moment = time.time() - 130
    os.utime(version_folder / "current", (moment, moment), follow_symlinks=False)
    if is_purged:
        (version_folder / "purged").write_text(f"{os.readlink(version_folder / 'current')} once")
    expected = [] if is_purged else ["The cache in front of the site can't be emptied."]
    assert places() == (NOTHING if is_purged else ANY, expected)


@pytest.mark.parametrize("process", background.PROCESSES)
def test_a_silent_process(folder, places, process):
    make_old(folder / "background" / process, minutes=11)
    assert places() == (BACKGROUND, [f"The {process} last reported 11 minutes ago."])


def test_both_processes_are_silent(folder, places):
    for process in background.PROCESSES:
        (folder / "background" / process).unlink()
    assert places() == (BACKGROUND, ["The worker has never reported.", "The scheduler has never reported."])


def test_a_disk_that_is_almost_full(small_disk, places):
    (small_disk / "filler").write_bytes(b"0" * 850_000)
    assert places() == (NOTHING, [])
    (small_disk / "filler").write_bytes(b"0" * 960_000)
    assert places() == (ANY, ["Less than a tenth of the disk is free."])


def test_a_disk_with_too_many_files(small_disk, places):
    for number in range(185):
        (small_disk / f"{number}").touch()
    assert places() == (ANY, ["Less than a tenth of the disk is free."])


def test_a_disk_that_became_read_only(small_disk, places):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert places() == (ANY, ["The site can't write to its data folder."])


def test_an_old_backup(folder, places):
    make_old(folder / "backups" / "complete", hours=35)
    assert places() == (NOTHING, [])
    make_old(folder / "backups" / "complete", hours=37)
    assert places() == (ANY, ["The last complete backup is older than 36 hours."])


def test_a_missing_backup(folder, places):
    (folder / "backups" / "complete").unlink()
    # A new site has had no time to make one.
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(hours=47))
    assert places() == (NOTHING, [])
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(hours=49))
    assert places() == (ANY, ["There is no complete backup."])


def test_a_copy_elsewhere_that_fails(folder, places, monkeypatch):
    monkeypatch.setenv("RESTIC_REPOSITORY", "/srv/backups")
    monkeypatch.setenv("RESTIC_REPOSITORY_2", "sftp:elsewhere")
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(hours=49))
    assert places() == (ANY, ["There is no copy of the backups elsewhere."])
    (folder / "backups" / "copied").touch()
    assert places() == (NOTHING, [])
    make_old(folder / "backups" / "copied", hours=37)
    assert places() == (ANY, ["The last copy of the backups elsewhere is older than 36 hours."])
    make_old(folder / "backups" / "complete", hours=37)
    assert len(places()[1]) == 2
    monkeypatch.delenv("RESTIC_REPOSITORY_2")
    assert places() == (ANY, ["The last complete backup is older than 36 hours."])


@pytest.fixture
def certified(tmp_path, settings, folder):
    """Return a function that serves a certificate with its days to live, until the test ends."""
    listeners = []

    def serve(days):
        files = tmp_path / "key.pem", tmp_path / "certificate.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        names = ["-subj", "/CN=leadwatch.test", "-days", str(days), "-keyout", files[0], "-out", files[1]]
        subprocess.run([*make, *names], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files[1], files[0])
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        settings.BASE_URL = f"https://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=answer, args=(context, listener), daemon=True).start()

    yield serve
    for listener in listeners:
        listener.close()


def answer(context, listener):
    with listener.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as encrypted:
        encrypted.recv(1)


def test_a_certificate_that_ends_soon(certified, places):
    certified(days=13)
    assert places() == (NOTHING, [])
    call_command("check_certificate", verbosity=0)
    assert places() == (ANY, ["The site's certificate ends in less than 14 days."])
    certified(days=90)
    call_command("check_certificate", verbosity=0)
    assert places() == (NOTHING, [])


def test_a_certificate_that_cannot_be_read_is_no_alarm(folder, settings, places, caplog):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.BASE_URL = f"https://127.0.0.1:{closed.getsockname()[1]}"
    call_command("check_certificate")
    assert "The site's certificate could not be read: " in caplog.text
    assert places() == (NOTHING, [])


def test_a_trial_needs_neither_backups_nor_certificates(folder, settings, places):
    settings.BASE_URL = "http://127.0.0.1:8000"
    (folder / "backups" / "complete").unlink()
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(days=9))
    call_command("check_certificate", verbosity=0)
    assert places() == (NOTHING, [])


def test_several_problems_are_named_the_worst_first(folder, places):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    make_old(folder / "backups" / "complete", days=3)
    (folder / "background" / "worker").unlink()
    assert places() == (
        PAGES,
        [
            "Migrations are missing.",
            "The worker has never reported.",
            "The last complete backup is older than 36 hours.",
        ],
    )


def test_only_administrators_see_problems_of_the_server(folder, client):
    (folder / "background" / "worker").unlink()
    client.force_login(member("Editors"))
    assert "has never reported" not in client.get("/admin/").content.decode()


def test_a_visitor_causes_no_connection(folder, client, monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", fail)
    for path in ("/readyz", "/readyz/all"):
        assert client.get(path).status_code == 200


def words(problems):
    return [str(problem.words) for problem in problems]


def test_files_of_another_user(folder):
    if os.geteuid() != 0:
        pytest.skip("Only root can give files away.")
    (folder / "media").mkdir()
    (folder / "media" / "a.png").touch()
    os.chown(folder / "media" / "a.png", 65534, 65534)
    (found,) = words(server.owner_problems())
    assert found.startswith("1 files of the data folder belong to another user, such as ")
    os.chown(folder, 65534, 65534)
    assert any("This command runs as root" in each for each in words(server.owner_problems()))


def test_a_database_that_everybody_can_read(folder):
    (folder / "db.sqlite3").touch()
    (folder / "db.sqlite3").chmod(0o644)
    (found,) = words(server.secret_problems())
    assert found.startswith("Every user of this machine can open ")
    (folder / "db.sqlite3").chmod(0o600)
    assert words(server.secret_problems()) == []


def test_unsafe_settings(folder, settings):
    settings.SESSION_COOKIE_SECURE = False
    assert any("security.W012" in each for each in words(server.setting_problems()))


def test_a_mail_server_that_does_not_answer(folder, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    (found,) = words(server.mail_problems())
    assert found == "The mail server can't be used: [Errno 111] Connection refused"
