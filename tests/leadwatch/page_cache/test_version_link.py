"""The link is moved at each commit, and never back."""

import os
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from leadwatch.page_cache import commits, version_link
from leadwatch.page_cache.version_link import follow, last_versions
from leadwatch.page_cache.versions import content_versions, known

CURRENT, PREVIOUS = "current", "previous"


@pytest.fixture
def folder(tmp_path, settings):
    settings.VERSION_DIR, settings.NGINX_KEEPS_PAGES = tmp_path / "version", True
    return settings.VERSION_DIR


def target(folder, name=CURRENT):
    return os.readlink(folder / name)


def age(folder, seconds):
    moment = time.time() - seconds
    os.utime(folder / CURRENT, (moment, moment), follow_symlinks=False)


def test_the_link_names_a_folder_that_everybody_may_open(folder):
    old = os.umask(0o077)
    try:
        assert follow(lambda: "1.a")
    finally:
        os.umask(old)
    assert target(folder).endswith("-1.a")
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / CURRENT)} == {0o755}
    before = target(folder)
    follow(lambda: "2.b")
    assert target(folder) != before
    assert target(folder).partition("-")[0] == before.partition("-")[0]
    # Nothing piles up.
    for number in range(20):
        follow(lambda number=number: f"{number}.c")
    assert len(list(folder.iterdir())) <= 4


def test_a_new_server_moves_the_link_even_if_nothing_has_changed(folder):
    follow(lambda: "1.a")
    before = target(folder)
    follow(lambda: "1.a", is_new_server=True)
    assert target(folder) != before
    assert last_versions() == ["1.a"]


def gone():
    raise OperationalError


@pytest.mark.django_db
def test_a_new_server_moves_the_link_while_the_database_is_away(folder):
    follow(lambda: "1.a")
    before = target(folder)
    assert not version_link.follow(gone)
    assert target(folder) == before
    version_link.follow(gone, is_new_server=True)
    assert target(folder) != before
    assert last_versions() == ["1.a"]


def test_there_is_no_link_without_a_version(folder):
    follow(lambda: "1.a")
    assert follow(lambda: None)
    assert not (folder / CURRENT).is_symlink()
    assert follow(lambda: None)


def test_the_version_before_stays_for_an_hour_if_it_stood_for_a_minute(folder):
    follow(lambda: "1.a")
    age(folder, version_link.SETTLED)
    for number in (2, 3, 4):
        follow(lambda number=number: f"{number}.b")
    assert last_versions() == ["4.b", "1.a"]
    assert (folder / PREVIOUS).is_dir()
    age(folder, version_link.FALLBACK + 1)
    follow(lambda: "4.b")
    assert last_versions() == ["4.b"]
    assert not (folder / PREVIOUS).is_symlink()


def test_a_link_that_cannot_be_moved_is_removed(folder, monkeypatch, caplog):
    follow(lambda: "1.a")

    def fail(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(folder), "symlink_to", fail)
    for _time in range(3):
        assert not follow(lambda: "2.b")
    assert not (folder / CURRENT).is_symlink()
    assert caplog.text.count("can't be moved") == 1
    monkeypatch.undo()
    assert follow(lambda: "2.b")


def test_a_slow_process_does_not_move_the_link_back(folder):
    """It has read an old version before, but reads again when it is its turn."""
    versions, started = ["1.a"], threading.Event()

    def slow():
        started.set()
        time.sleep(0.2)
        return versions[-1]

    threads = [threading.Thread(target=follow, args=(slow,))]
    threads[0].start()
    started.wait()
    versions.append("2.b")
    threads.append(threading.Thread(target=follow, args=(lambda: versions[-1],)))
    threads[1].start()
    for thread in threads:
        thread.join()
    assert last_versions()[0] == "2.b"


@pytest.mark.django_db
def test_pages_of_both_versions_are_shown_while_the_database_is_away(folder, monkeypatch):
    (version,) = content_versions()
    follow(lambda: "1.a")
    age(folder, 100)
    follow(lambda: version)
    with connection.execute_wrapper(lambda *args: gone()):
        assert content_versions() == [version, "1.a"]
    assert content_versions() == [version] == [known.version]


@pytest.fixture
def followed(monkeypatch):
    """Return a list to which each call of `follow` at a commit is added."""
    calls = []

    def follow():
        calls.append(1)

    monkeypatch.setattr(commits, "follow", follow)
    with connection.execute_wrapper(commits.after_statement):
        yield calls


@pytest.mark.django_db
def test_a_commit_is_followed_once_and_a_rollback_never(followed, django_capture_on_commit_callbacks):
    def write():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE wagtailcore_page SET title = 'After'")

    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            write()
            write()
        write()
    assert len(followed) == 1
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert len(followed) == 1
    with django_capture_on_commit_callbacks(execute=True), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert len(followed) == 1


@pytest.mark.django_db
def test_each_connection_is_watched_once():
    before = list(connection.execute_wrappers)
    try:
        for _time in range(2):
            commits.follow_commits(connection)
        assert connection.execute_wrappers == [commits.after_statement, *before]
    finally:
        connection.execute_wrappers[:] = before
