import inspect
import pickle
import shutil
import socket
import subprocess
import threading
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.base import BaseCache

from leadwatch.page_cache import backends
from leadwatch.settings import environment
from tests.support import factories
from tests.support.postgres import free_port
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def _no_trouble(monkeypatch):
    monkeypatch.setattr(backends, "trouble", SimpleNamespace(rest_until=0, quiet_until=0))


@pytest.fixture
def files(settings, tmp_path):
    folder = tmp_path / "cache"
    settings.CACHES = {"default": {"BACKEND": "leadwatch.page_cache.backends.FileCache", "LOCATION": folder}}
    return folder


@pytest.fixture
def cached_pages(settings):
    settings.MIDDLEWARE = ["leadwatch.page_cache.middleware.PublicCacheMiddleware", *settings.MIDDLEWARE]


def use_redis(settings, port):
    settings.CACHES = {"default": environment.read({"CACHE_URL": f"redis://127.0.0.1:{port}/0"}).cache}


def never_expires(body):
    return pickle.dumps(None) + body


def logged_by_the_cache(caplog):
    return [
        record.getMessage() for record in caplog.records if record.name == "leadwatch.page_cache.backends"
    ]


DAMAGE = {
    "empty": lambda whole: b"",
    "cut": lambda whole: whole[: len(whole) // 2],
    "cut in its first bytes": lambda whole: whole[:3],
    "other bytes": lambda whole: b"\x00\xff" * 50,
    "text": lambda whole: b"no pickle at all",
    "one bit": lambda whole: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
    "no pickle within": lambda whole: never_expires(zlib.compress(b"no pickle")),
    "of a class that is gone": lambda whole: never_expires(zlib.compress(b"cgone\nGone\n.")),
}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_a_miss_and_is_replaced(files, cached_pages, client, caplog, damage):
    event = factories.make_event(title="A headline")
    assert client.get(event.url).status_code == 200
    for path in files.glob("*.djcache"):
        path.write_bytes(damage(path.read_bytes()))
    assert "A headline" in client.get(event.url).content.decode()
    assert client.get("/healthz").content == b"ok"
    (told,) = logged_by_the_cache(caplog) or [""]
    assert event.slug not in told
    caplog.clear()
    assert "A headline" in client.get(event.url).content.decode()
    assert logged_by_the_cache(caplog) == []


@pytest.mark.django_db
def test_a_folder_instead_of_a_file_is_a_miss_and_is_logged_once(files, cached_pages, client, caplog):
    event = factories.make_event(title="A headline")
    client.get(event.url)
    for path in files.glob("*.djcache"):
        path.unlink()
        path.mkdir()
    for _time in range(3):
        assert "A headline" in client.get(event.url).content.decode()
    assert logged_by_the_cache(caplog) == [
        "The cache fails, so pages are rendered for each request: builtins.IsADirectoryError: Is a directory"
    ]


@pytest.mark.django_db
def test_a_file_instead_of_the_folder_is_a_miss(files, cached_pages, client):
    files.write_text("not a folder")
    event = factories.make_event(title="A headline")
    for _time in range(2):
        assert "A headline" in client.get(event.url).content.decode()
        assert client.get("/healthz").status_code == 200


@pytest.fixture
def full_disk(tmp_path):
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("Mounting is not allowed here.")
    try:
        try:
            (folder / "filler").write_bytes(b"0" * 2**17)
        except OSError:
            yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.django_db
def test_a_full_disk_is_a_miss(full_disk, settings, cached_pages, client):
    settings.CACHES = {
        "default": {"BACKEND": "leadwatch.page_cache.backends.FileCache", "LOCATION": full_disk / "cache"}
    }
    event = factories.make_event(title="A headline")
    for _time in range(2):
        assert "A headline" in client.get(event.url).content.decode()
        assert client.get("/healthz").status_code == 200
    assert not list(full_disk.glob("cache/*"))


VALUES = {"key": "a", "value": 1, "default": 2, "keys": ["a"], "data": {"a": 1}}
# These methods don't access the store.
WITHOUT_STORE = {"make_key", "validate_key", "make_and_validate_key", "get_backend_timeout", "close"}
OPERATIONS = {
    name
    for name, method in inspect.getmembers(BaseCache, inspect.isfunction)
    if not name.startswith("_") and not inspect.iscoroutinefunction(method)
} - WITHOUT_STORE
# Django's result for a missing key.
RAISING = {"incr", "decr", "incr_version", "decr_version"}
ANSWERS = {"get": 2, "get_or_set": 2, "get_many": {}, "set_many": ["a"]}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_operation_fails_without_redis(settings, name):
    use_redis(settings, free_port())
    operation = getattr(cache, name)
    values = {each: VALUES[each] for each in inspect.signature(operation).parameters if each in VALUES}
    if name in RAISING:
        with pytest.raises(ValueError, match="not found"):
            operation(**values)
    else:
        answer = operation(**values)
        assert answer == ANSWERS[name] if name in ANSWERS else not answer


@pytest.mark.django_db
def test_a_stopped_redis_is_a_miss(settings, cached_pages, client, tmp_path):
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("There is no redis-server.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        use_redis(settings, port)
        wait_until(lambda: cache.set("is_there", True) or cache.get("is_there"))
        event = factories.make_event(title="A headline")
        client.get(event.url)
        type(event).objects.filter(pk=event.pk).delete()
    finally:
        server.terminate()
        server.wait()
    event = factories.make_event(title="Another headline", slug="another")
    for _time in range(2):
        assert "Another headline" in client.get(event.url).content.decode()
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_hanging_store_is_contacted_only_once(settings, cached_pages, client):
    """The store accepts connections but never responds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = []

        def accept():
            while True:
                try:
                    asked.append(silent.accept())
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        use_redis(settings, silent.getsockname()[1])
        event = factories.make_event(title="A headline")
        for _time in range(3):
            assert "A headline" in client.get(event.url).content.decode()
        # Some versions of the client open a separate connection for the handshake.
        assert 1 <= len(asked) <= 2
        silent.shutdown(socket.SHUT_RDWR)
    for connection, _address in asked:
        connection.close()


def test_keys_reveal_no_address_and_are_never_too_long(files, recwarn):
    caches["default"].set("page:/search/?q=" + "word" * 200, 1)
    assert caches["default"].get("page:/search/?q=" + "word" * 200) == 1
    assert not recwarn.list
    assert "word" not in backends.hashed_key("word", "", 1)
    assert len(list(Path(files).glob("*.djcache"))) == 1
