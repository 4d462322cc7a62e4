"""Media that are not in a folder: they are read and written by way of Django's storage."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from leadwatch.backups import media

IN_BUCKET = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


@pytest.fixture
def bucket(settings):
    settings.STORAGES = settings.STORAGES | IN_BUCKET
    for name in ("images/a.jpg", "images/b.jpg", "documents/c.pdf", "top.txt"):
        default_storage.save(name, ContentFile(name.encode() * 100))
    return default_storage


def contents():
    return {name: default_storage.open(name).read() for name in media.media_names()}


def test_names_are_in_the_same_order_each_time(bucket):
    assert list(media.media_names()) == ["top.txt", "documents/c.pdf", "images/a.jpg", "images/b.jpg"]


def test_a_site_without_media_has_no_names(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    assert not list(media.media_names())
    assert media.are_local()


def test_a_bucket_has_exactly_the_files_of_the_backup_and_the_others_are_kept(bucket, tmp_path):
    before = contents()
    backup, aside = tmp_path / "backup", tmp_path / "aside"
    for name, content in before.items():
        (backup / name).parent.mkdir(parents=True, exist_ok=True)
        (backup / name).write_bytes(content)
    bucket.delete("images/a.jpg")
    bucket.delete("images/b.jpg")
    bucket.save("images/b.jpg", ContentFile(b"changed"))
    bucket.save("images/later.jpg", ContentFile(b"later"))
    assert not media.are_local()
    media.add_missing(backup)
    # Until the database is in place, nothing that it may need is gone.
    assert contents() == before | {"images/b.jpg": b"changed", "images/later.jpg": b"later"}
    media.remove_others(backup, aside)
    media.add_missing(backup)
    assert contents() == before
    assert (aside / "images" / "b.jpg").read_bytes() == b"changed"
    assert (aside / "images" / "later.jpg").read_bytes() == b"later"
    assert sum(path.is_file() for path in aside.rglob("*")) == 2
