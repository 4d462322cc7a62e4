"""A full disk disturbs no reader; writers are told in words, and lose nothing."""

import json
import sqlite3
from contextlib import closing, contextmanager

import pytest

from tests.support import factories
from tests.support.breakable import SOON, is_apology, within
from tests.support.editing import is_sound, published

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

# Makes the folder of the media.
IMAGE = "from tests.support import factories; factories.make_image(file=factories.image_file(quality=10))"


@contextmanager
def full_disk(site):
    # The write-ahead log has space that was used before. Without it, each change needs more.
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with site.full_disk():
        yield


def upload(site, client):
    """Drop an image on the screen for uploads. Return what it says."""
    response = site.http.request(
        "POST",
        f"{site.url}/admin/images/multiple/add/",
        fields={"title": "Rally", "files[]": ("rally.jpg", factories.image_file().read())},
        headers={
            "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
            "X-CSRFToken": client.cookies["csrftoken"],
            "X-Requested-With": "XMLHttpRequest",
            "Referer": site.url,
        },
    )
    return json.loads(response.data)


def test_readers_get_pages_and_writers_can_repeat_what_was_refused(site):
    message, editor = site.message(), site.editor()
    request, before = editor.publish(), published(editor.site, "event")
    site.forget_pages()
    with full_disk(site):
        for _time in range(2):
            assert site.statuses() == {200}
        assert is_apology(site.ask(*message))
        with pytest.raises(AssertionError, match="temporarily unavailable"):
            request()
        assert published(editor.site, "event") == before
    with within(SOON):
        assert site.ask(*message).status == 303
        assert request().status == 302
    assert published(editor.site, "event") == editor.version
    text = message[1]["your_message"]
    rows = editor.site.rows(
        "SELECT count(*) FROM home_contactmessage WHERE form_data LIKE :text", text=f"%{text}%"
    )
    assert rows == [(1,)]
    assert is_sound(editor.site)


def test_an_upload_is_refused_in_words_the_first_one_too(site):
    client, media = site.editor().site, site.folder / "media"
    site.run(IMAGE)
    with full_disk(site):
        assert "disk is full" in upload(site, client)["error_message"]
        media.rename(away := site.folder / "away-media")
        assert "disk is full" in upload(site, client)["error_message"]
        assert not media.exists()
        away.rename(media)
    assert upload(site, client)["success"]


def test_a_backup_is_refused_in_words_and_leaves_nothing_behind(site):
    with full_disk(site):
        ended = site.manage("backup")
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr == "CommandError: No backup was made: database or disk is full.\n"
        assert list(site.folder.glob("backups/*")) == []
    assert site.manage("backup").returncode == 0
