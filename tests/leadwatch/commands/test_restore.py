"""A restore either restores a complete backup of this site or changes nothing, and keeps the old state."""

import gzip
import hashlib
import io
import json
import os
import resource
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from leadwatch import data_folder
from leadwatch.backups import archives, restic

pytestmark = pytest.mark.django_db

PICTURES = [f"media/images/{number}.jpg" for number in range(3)]


@pytest.fixture
def site(tmp_path, site_database, settings, monkeypatch):
    """Create a data folder with a site's database and three images."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    monkeypatch.setitem(django_settings.DATABASES["default"], "NAME", tmp_path / "db.sqlite3")
    (tmp_path / "db.sqlite3").write_bytes(site_database)
    for name in PICTURES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() * 1000)
    return tmp_path


def backup():
    call_command("backup", stdout=(out := io.StringIO()))
    return site_path(out.getvalue().strip())


def site_path(text):
    return django_settings.DATA_DIR / text


def state(site):
    """Return the contents of the live files by path."""
    paths = [site / "db.sqlite3", *(site / "media").rglob("*")]
    return {path.relative_to(site): path.read_bytes() for path in paths if path.is_file()}


def parts_of(archive):
    """Return the contents of a backup's files by name."""
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def packed(parts, *special):
    """Return a backup with these files and special members, without checking its list of files."""
    with tarfile.open(fileobj=(out := io.BytesIO()), mode="w:gz", compresslevel=1) as tar:
        for info in special:
            tar.addfile(info)
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def listed(parts, **manifest):
    """Return the same files with a correct list."""
    files = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in parts.items()
        if name != "manifest.json"
    }
    manifest = {"format": 1, "dangling": 0, "files": files} | manifest
    return parts | {"manifest.json": json.dumps(manifest).encode()}


def without(parts, name):
    return {key: content for key, content in parts.items() if key != name}


def flipped(content, place):
    """Return content with one bit flipped."""
    position = int(len(content) * place) if place < 1 else len(content) - 6
    return content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :]


def harmed(raw, place):
    """Return a backup with one bit flipped. In a row of zeros, some bits change nothing; take another one."""
    while True:
        harmed = flipped(raw, place)
        try:
            if gzip.decompress(harmed) != gzip.decompress(raw):
                return harmed
        except (EOFError, OSError, zlib.error):
            return harmed
        place += 0.001


def with_sql(content, *statements):
    """Return a database after running SQL statements."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        database = sqlite3.connect(file.name)
        database.execute("PRAGMA journal_mode=DELETE")
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()
        return Path(file.name).read_bytes()


def other_program():
    return with_sql(b"", "CREATE TABLE bookmark (url TEXT)")


def member(name, **fields):
    info = tarfile.TarInfo(name)
    vars_of = {"type": tarfile.REGTYPE} | fields
    for key, value in vars_of.items():
        setattr(info, key, value)
    return info


def zeroed(content):
    """Return a database in which a page in the middle is overwritten."""
    middle = len(content) // 2 // 4096 * 4096
    return content[:middle] + b"\xff" * 4096 + content[middle + 4096 :]


def with_database(*statements):
    """Return a function that makes a backup with a correct list, but with a changed database."""
    return lambda raw, parts: packed(
        listed(parts | {"db.sqlite3": with_sql(parts["db.sqlite3"], *statements)})
    )


def with_manifest(text):
    return lambda raw, parts: packed(parts | {"manifest.json": text})


EVIL = "AFTER INSERT ON django_session BEGIN UPDATE home_user SET is_superuser = 1; END"
LATEST = (
    "WHERE app = 'leadwatch' AND name = (SELECT max(name) FROM django_migrations WHERE app = 'leadwatch')"
)
NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('home', '9999_later', '2030-01-01')"
DANGLING = "UPDATE wagtailcore_page SET locale_id = 987654"

# Functions that damage a backup, given its bytes and its files, and words of the error message.
DAMAGES = {
    "empty": (lambda raw, parts: b"", "damaged"),
    "a text": (lambda raw, parts: b"Dear all, here are the minutes.\n" * 50, "damaged"),
    "a text, compressed": (lambda raw, parts: gzip.compress(b"Dear all\n" * 500), "damaged"),
    "cut in its first block": (lambda raw, parts: raw[:300], "damaged"),
    "cut in the middle": (lambda raw, parts: raw[: len(raw) // 2], "damaged"),
    "cut near its end": (lambda raw, parts: raw[: len(raw) * 98 // 100], "damaged"),
    "without its checksum": (lambda raw, parts: raw[:-8], "damaged"),
    "a bit of its head": (lambda raw, parts: flipped(raw, 0.0), "damaged"),
    "a bit of its database": (lambda raw, parts: harmed(raw, 0.3), None),
    "a bit of a later part": (lambda raw, parts: harmed(raw, 0.8), None),
    "a bit of its checksum": (lambda raw, parts: flipped(raw, 1), "damaged"),
    "cut, then packed again": (
        lambda raw, parts: gzip.compress(gzip.decompress(raw)[: len(gzip.decompress(raw)) * 9 // 10]),
        None,
    ),
    "no database": (lambda raw, parts: packed(without(parts, "db.sqlite3")), "lacks 'db.sqlite3'"),
    "no database, nor in the list": (
        lambda raw, parts: packed(listed(without(parts, "db.sqlite3"))),
        "no database",
    ),
    "no list": (lambda raw, parts: packed(without(parts, "manifest.json")), "--without-list"),
    "an invalid list": (lambda raw, parts: packed(parts | {"manifest.json": b"[1, 2"}), "cannot be read"),
    "a list of something else": (
        lambda raw, parts: packed(parts | {"manifest.json": b"[]"}),
        "cannot be read",
    ),
    "a newer format": (lambda raw, parts: packed(listed(parts, format=2)), "newer version"),
    "a picture missing": (lambda raw, parts: packed(without(parts, PICTURES[1])), f"lacks '{PICTURES[1]}'"),
    "another picture": (
        lambda raw, parts: packed(parts | {PICTURES[1]: b"no"}),
        f"a changed version of '{PICTURES[1]}'",
    ),
    "a bit of a picture": (
        lambda raw, parts: packed(parts | {PICTURES[0]: flipped(parts[PICTURES[0]], 0.5)}),
        "changed version",
    ),
    "an extra picture": (
        lambda raw, parts: packed(parts | {"media/x.jpg": b"x"}),
        "unlisted files: 'media/x.jpg'",
    ),
    "a file of another kind": (lambda raw, parts: packed({"settings.py": b"x"} | parts), "'settings.py'"),
    "a folder of a newer version": (
        lambda raw, parts: packed(listed({"sealed/x": b"x"} | parts)),
        "'sealed/x', which does not belong in a backup, unless a newer version",
    ),
    "a file twice": (lambda raw, parts: packed(parts, member(PICTURES[0])), "twice"),
    "a file where a folder is": (lambda raw, parts: packed(listed({"media/images": b"x"} | parts)), None),
    "a damaged database, listed": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": zeroed(parts["db.sqlite3"])})),
        "database is damaged",
    ),
    "half a database, listed": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": parts["db.sqlite3"][:500_000]})),
        "database",
    ),
    "an empty database, listed": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": b""})),
        "not one of this",
    ),
    "a text instead of a database, listed": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": b"hello" * 1000})),
        "database",
    ),
    "another program's": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": other_program()})),
        "not one of this site",
    ),
    "without pages": (
        lambda raw, parts: packed(
            listed(parts | {"db.sqlite3": with_sql(parts["db.sqlite3"], "DELETE FROM home_homepage")})
        ),
        "no home page",
    ),
    "without a table": (
        lambda raw, parts: packed(
            listed(parts | {"db.sqlite3": with_sql(parts["db.sqlite3"], "DROP TABLE timeline_eventsource")})
        ),
        "lacks the table timeline_eventsource",
    ),
    "dangling rows": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": with_sql(parts["db.sqlite3"], DANGLING)})),
        "rows that do not exist",
    ),
    "of a newer version": (
        lambda raw, parts: packed(listed(parts | {"db.sqlite3": with_sql(parts["db.sqlite3"], NEWER)})),
        "home.9999_later",
    ),
    "a trigger of another": (with_database(f"CREATE TRIGGER evil {EVIL}"), "the trigger 'evil'"),
    "a trigger that looks like ours": (
        with_database(f"CREATE TRIGGER leadwatch_seen_0123456789abcdef {EVIL}"),
        "the trigger 'leadwatch_seen_0123456789abcdef'",
    ),
    "a view instead of a table": (
        with_database(
            "ALTER TABLE django_migrations RENAME TO aside",
            "CREATE VIEW django_migrations AS SELECT * FROM aside",
        ),
        "the view 'django_migrations'",
    ),
    "without a column": (
        with_database("ALTER TABLE timeline_eventpage DROP COLUMN place"),
        "lacks the column place of the table timeline_eventpage",
    ),
    "without the words of the search index": (
        with_database("DROP TABLE search_words"),
        "the table search_words",
    ),
    "older, and without a table": (
        with_database(f"DELETE FROM django_migrations {LATEST}", "DROP TABLE timeline_eventsource"),
        "lacks the table timeline_eventsource",
    ),
    "without a migration in the middle": (
        with_database("DELETE FROM django_migrations WHERE app = 'home' AND name LIKE '0004%'"),
        "lacks the migration home.0004",
    ),
    "a migration whose name is not text": (
        with_database("INSERT INTO django_migrations (app, name, applied) VALUES (x'ff', 7, '')"),
        "is unknown",
    ),
    "a migration with an invalid encoding": (
        with_database(
            "INSERT INTO django_migrations (app, name, applied) VALUES (CAST(x'ff' AS TEXT), 'a', '')"
        ),
        "cannot be read",
    ),
    "a list with an endless number": (
        with_manifest(b'{"format": 1, "dangling": 1e999, "files": {}}'),
        "cannot be read",
    ),
    "a list with pairs of files": (
        with_manifest(b'{"format": 1, "dangling": 0, "files": [[null, 1], ["a", 2]]}'),
        "cannot be read",
    ),
    "packed again with its folder": (
        lambda raw, parts: packed(
            {f"./{name}": content for name, content in parts.items()}, member(".", type=tarfile.DIRTYPE)
        ),
        "It contains '.'",
    ),
    "a file without a name": (lambda raw, parts: packed(parts, member("")), "It contains ''"),
    "an absolute path": (lambda raw, parts: packed({"/etc/passwd": b"x"} | parts), "'/etc/passwd'"),
    "a path outside": (lambda raw, parts: packed({"media/../../evil": b"x"} | parts), "evil"),
    "a symbolic link": (
        lambda raw, parts: packed(parts, member("media/a", type=tarfile.SYMTYPE, linkname="/etc")),
        "'media/a'",
    ),
    "a hard link": (
        lambda raw, parts: packed(parts, member("media/a", type=tarfile.LNKTYPE, linkname="db.sqlite3")),
        "'media/a'",
    ),
    "a device": (lambda raw, parts: packed(parts, member("media/a", type=tarfile.CHRTYPE)), "'media/a'"),
    "a pipe": (lambda raw, parts: packed(parts, member("media/a", type=tarfile.FIFOTYPE)), "'media/a'"),
    "more than the free space": (
        lambda raw, parts: gzip.compress(member("media/a", size=10**15).tobuf() + b"\0" * 4096),
        "not enough space",
    ),
}


_whole = []


@pytest.fixture
def whole(site):
    """Return a backup of the site, as bytes and as files. It is made once, because all sites are equal."""
    if not _whole:
        archive = backup()
        _whole.extend((archive.read_bytes(), parts_of(archive)))
    return _whole


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_with_a_message_and_changes_nothing(site, whole, damage):
    archive = site / "damaged.tar.gz"
    make, words = DAMAGES[damage]
    archive.write_bytes(make(*whole))
    before = state(site)
    with pytest.raises(CommandError) as refusal:
        call_command("restore", str(archive))
    assert state(site) == before
    sentence = str(refusal.value)
    assert "nothing has changed" in sentence
    assert sentence.rstrip(".").count("\n") == 0
    assert words is None or words in sentence
    assert not list(site.glob("restoring-*"))
    assert not (site / "before-restore").exists()


def test_the_old_state_is_kept_and_the_page_cache_is_emptied(site):
    archive = backup()
    (site / PICTURES[0]).unlink()
    (site / "media" / "later.jpg").write_bytes(b"later")
    (site / "db.sqlite3").write_bytes(with_sql((site / "db.sqlite3").read_bytes(), "CREATE TABLE later (x)"))
    (site / "db.sqlite3-wal").write_bytes(b"")
    old = state(site)
    cache.set("page", "of before")
    (site / "cache").mkdir()
    (site / "cache" / "page").touch()
    call_command("restore", str(archive), stdout=(out := io.StringIO()))
    (kept,) = (site / "before-restore").iterdir()
    assert str(kept) in out.getvalue()
    assert state(kept) == old
    assert {str(name): content for name, content in state(site).items()} == without(
        parts_of(archive), "manifest.json"
    )
    assert not (site / "db.sqlite3-wal").exists()
    assert cache.get("page") is None
    assert not (site / "cache").exists()
    assert [
        oct(path.stat().st_mode & 0o077) for path in (site / "db.sqlite3", site / PICTURES[0], archive)
    ] == ["0o0"] * 3


def test_a_backup_can_be_restored_on_a_new_machine(site, whole):
    (archive := site / "whole.tar.gz").write_bytes(whole[0])
    (site / "db.sqlite3").unlink()
    shutil.rmtree(site / "media")
    call_command("restore", str(archive), stdout=io.StringIO())
    assert {str(name): content for name, content in state(site).items()} == without(whole[1], "manifest.json")


@pytest.mark.parametrize(
    "backend", ["leadwatch.page_cache.backends.RedisCache", "django.core.cache.backends.redis.RedisCache"]
)
def test_an_unavailable_cache_is_reported_and_does_not_stop_the_restore(site, settings, backend):
    archive = backup()
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    call_command("restore", str(archive), stdout=io.StringIO(), stderr=(told := io.StringIO()))
    assert "The cache 'default' could not be emptied" in told.getvalue()


def test_a_backup_of_an_older_version_is_restored_with_a_reminder_to_migrate(site):
    archive = backup()
    older = with_database(f"DELETE FROM django_migrations {LATEST}")
    archive.write_bytes(older(None, parts_of(archive)))
    call_command("restore", str(archive), stdout=(out := io.StringIO()))
    assert ".venv/bin/python manage.py migrate" in out.getvalue()


def test_a_backup_without_a_list_is_restored_on_request(site):
    archive = backup()
    archive.write_bytes(packed(without(parts_of(archive), "manifest.json")))
    call_command(
        "restore", str(archive), without_list=True, stdout=io.StringIO(), stderr=(told := io.StringIO())
    )
    assert "no list of its files" in told.getvalue()
    assert (site / "before-restore").exists()


@pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")
def test_a_backup_in_restic_is_restored_and_checked(site, whole, monkeypatch):
    shutil.rmtree(site / "backups", ignore_errors=True)
    (site / "password").write_text("a password")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(site / "password"))
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(site / "restic-cache"))
    monkeypatch.setenv("RESTIC_REPOSITORY", str(site / "repository"))
    call_command("backup", stdout=io.StringIO())
    assert not list((site / "backups").glob("*.tar.gz"))
    assert (site / "backups" / "complete").exists()
    shutil.rmtree(site / "media")
    call_command("restore", "latest", stdout=io.StringIO())
    assert {str(name): content for name, content in state(site).items()} == without(whole[1], "manifest.json")
    call_command("restore", stdout=(listed := io.StringIO()))
    assert "1 snapshots" in listed.getvalue()
    before = state(site)
    restic.store(lambda stream: stream.write(gzip.decompress(whole[0])[:-20_000]))
    with pytest.raises(CommandError, match=r"nothing has changed\. It is damaged"):
        call_command("restore", "latest")
    with pytest.raises(CommandError, match=r"nothing has changed\. restic dump: .*no matching ID"):
        call_command("restore", "0123456789")
    assert state(site) == before


def test_media_in_a_bucket_are_backed_up_and_restored(site, whole, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    for name in PICTURES:
        default_storage.save(name.removeprefix("media/"), ContentFile((site / name).read_bytes()))
    shutil.rmtree(site / "media")
    archive = backup()
    assert parts_of(archive).keys() == whole[1].keys()
    default_storage.delete("images/0.jpg")
    default_storage.save("images/later.jpg", ContentFile(b"later"))
    call_command("restore", str(archive), stdout=io.StringIO())
    assert set(default_storage.listdir("images")[1]) == {"0.jpg", "1.jpg", "2.jpg"}
    assert default_storage.open("images/0.jpg").read() == whole[1][PICTURES[0]]
    (kept,) = (site / "before-restore").iterdir()
    assert (kept / "media" / "images" / "later.jpg").read_bytes() == b"later"
    assert not (site / "media").exists()
    assert not list(site.glob("restoring-*"))


def test_archives_older_than_the_promise_to_senders_are_deleted(site):
    archive = backup()
    month = time.time() - 30 * 24 * 3600
    (old := site / "backups" / "2020-01-01-000000.tar.gz").touch()
    os.utime(old, (month, month))
    assert backup().exists()
    assert archive.exists()
    assert not old.exists()


def test_a_failed_backup_is_not_counted_as_complete(site, monkeypatch):
    monkeypatch.setenv("RESTIC_REPOSITORY", "/proc/nowhere")
    monkeypatch.setenv("RESTIC_PASSWORD", "a password")
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup")
    assert not (site / "backups" / "complete").exists()
    monkeypatch.delenv("RESTIC_REPOSITORY")
    backup()
    assert (site / "backups" / "complete").exists()


def test_a_restore_is_refused_while_the_site_runs(site, monkeypatch):
    archive = backup()
    monkeypatch.setattr(data_folder, "_held", held := [])
    data_folder.hold(site, "leadwatch.settings.production")
    before = state(site)
    with pytest.raises(CommandError, match="The site is running"):
        call_command("restore", str(archive))
    assert state(site) == before
    held.pop().close()
    call_command("restore", str(archive), stdout=io.StringIO())


@pytest.mark.parametrize("failing", range(5))
def test_a_restore_that_fails_at_any_step_leaves_the_old_state(site, whole, monkeypatch, failing):
    (archive := site / "whole.tar.gz").write_bytes(whole[0])
    (site / "db.sqlite3-wal").write_bytes(b"a log")
    before = state(site)
    steps = fail_at(monkeypatch, failing, OSError(28, "No space left on device"))
    with pytest.raises(CommandError, match="nothing has changed"):
        call_command("restore", str(archive))
    assert len(steps) > failing
    assert state(site) == before
    assert (site / "db.sqlite3-wal").read_bytes() == b"a log"


@pytest.mark.parametrize("failing", range(5))
def test_a_killed_restore_is_undone_at_the_next_start(site, whole, monkeypatch, failing):
    (archive := site / "whole.tar.gz").write_bytes(whole[0])
    (site / "db.sqlite3-wal").write_bytes(b"a log")
    before = state(site)
    kill_at(monkeypatch, failing, archive)
    (site / "restoring-x" / "new").mkdir(parents=True)
    data_folder.recover(site)
    assert state(site) == before
    assert (site / "db.sqlite3-wal").read_bytes() == b"a log"
    assert not list(site.glob("restoring-*"))


@pytest.mark.parametrize("failing", range(3))
def test_a_killed_restore_on_a_new_machine_leaves_no_database_or_all(site, whole, monkeypatch, failing):
    (archive := site / "whole.tar.gz").write_bytes(whole[0])
    (site / "db.sqlite3").unlink()
    shutil.rmtree(site / "media")
    kill_at(monkeypatch, failing, archive)
    data_folder.recover(site)
    live = {str(name): content for name, content in state(site).items()}
    assert "db.sqlite3" not in live or live == without(whole[1], "manifest.json")
    call_command("restore", str(archive), stdout=io.StringIO())
    assert state(site).keys() == {Path(name) for name in without(whole[1], "manifest.json")}


def kill_at(monkeypatch, number, archive):
    """Let a restore end at one of the renames. Like a killed process, it can't undo anything."""
    with monkeypatch.context() as patch:
        patch.setattr(data_folder, "settle", lambda *args: False)
        fail_at(patch, number, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            call_command("restore", str(archive))


def fail_at(monkeypatch, number, error):
    """Make one of the renames fail. Return the list of attempted renames."""
    rename, tried = Path.rename, []

    def counted(path, target):
        if "unfinished-" in str(path):
            return rename(path, target)
        tried.append(path)
        if len(tried) == number + 1:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", counted)
    return tried


def test_a_folder_without_a_site_cannot_be_backed_up(site):
    (site / "db.sqlite3").unlink()
    with pytest.raises(CommandError, match="There is no database"):
        call_command("backup")
    assert not (site / "db.sqlite3").exists()
    for content, words in ((other_program(), "not one of this site"), (b"hello" * 1000, "cannot be read")):
        (site / "db.sqlite3").write_bytes(content)
        with pytest.raises(CommandError, match=words):
            call_command("backup")
    assert not (site / "backups").exists()


def test_a_backup_on_a_full_disk_leaves_nothing_behind(site):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(CommandError, match="No backup was made"):
            call_command("backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((site / "backups").iterdir())


def test_a_file_that_disappears_during_the_backup_is_skipped(site, monkeypatch):
    add = archives.add

    def gone(archive, path, name):
        if name == PICTURES[1]:
            (site / name).unlink()
        return add(archive, path, name)

    monkeypatch.setattr(archives, "add", gone)
    archive = backup()
    assert PICTURES[1] not in parts_of(archive)
    call_command("restore", str(archive), stdout=io.StringIO())


def test_neither_unsent_mails_nor_tries_at_passwords_nor_sessions_are_in_a_backup(site):
    mail = "INSERT INTO home_outgoingmail (recipient, subject, content, made_at, due_at, tries) VALUES "
    mail += """('a@example.org', 's', '{"body": "a secret link"}', '2030-01-01', '2030-01-01', 0)"""
    tries = "INSERT INTO home_trycounter (key, count, until) VALUES ('a keyed hash', 1, '2030-01-01')"
    session = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES "
    session += "('a key of a session', 'x', '2030-01-01')"
    for statement in (mail, tries, session):
        (site / "db.sqlite3").write_bytes(with_sql((site / "db.sqlite3").read_bytes(), statement))
    stored, kept = state(site)[Path("db.sqlite3")], parts_of(backup())["db.sqlite3"]
    for secret in (b"a secret link", b"a keyed hash", b"a key of a session"):
        assert secret in stored
        assert secret not in kept
