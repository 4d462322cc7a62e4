"""A full disk refuses uploads in words, and disturbs no reader."""

import errno
import subprocess

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from wagtail.models import UploadedFile

from home.admin.files import uploads
from home.models import SiteDocument, SiteImage
from tests.support import factories
from tests.support.files import docx_of
from tests.support.upload_screens import add_document, choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]
WORDS = "disk is full"


@pytest.fixture
def full_disk(editor, settings):
    folder = settings.MEDIA_ROOT
    folder.mkdir()
    size = f"size={uploads.SPARE + 2**20}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("Mounting is not allowed here.")

    def fill():
        with pytest.raises(OSError, match="No space left"):
            (folder / "filler").write_bytes(b"0" * (uploads.SPARE + 2**21))

    try:
        yield fill
    finally:
        subprocess.run(["umount", folder], check=True)


def image():
    return upload(factories.image_file("new.jpg"), "new.jpg")


def file():
    return upload(docx_of().getvalue(), "new.docx")


def test_ten_uploads_are_refused_while_readers_get_their_pages(client, full_disk):
    old_image, old_file = factories.make_image(file=factories.image_file("old.jpg")), factories.make_file()
    event = factories.make_event(lead_image=old_image)
    factories.make_document(file=old_file)
    shown = client.get(event.url).content.decode()
    full_disk()
    sent = {"title": "Rally", "description": "People", "people": "nobody", "add_again": "on"}
    again = {"replace_everywhere": "on", "add_again": "on"}
    tries = [
        lambda: drop(client, "images", image())["error_message"],
        lambda: choose(client, "images", image(), add_again="on"),
        lambda: choose(client, "images", image(), description=""),
        lambda: client.post(reverse("wagtailimages:add"), sent | {"file": image()}).content.decode(),
        lambda: edit(client, old_image, file=image(), **again).content.decode(),
        lambda: drop(client, "docs", file())["error_message"],
        lambda: choose(client, "docs", file()),
        lambda: add_document(client, file()).content.decode(),
        lambda: add_document(client, file(), title="").content.decode(),
        lambda: edit(client, old_file, file=file(), **again).content.decode(),
    ]
    for number, attempt in enumerate(tries):
        assert WORDS in attempt(), number
        assert client.get(event.url).content.decode() == shown
    assert SiteImage.objects.get().file.storage.exists(old_image.file.name)
    assert SiteDocument.objects.get().file.storage.exists(old_file.file.name)
    assert not UploadedFile.objects.exists()


def test_a_disk_that_fills_up_while_a_file_is_written_leaves_no_row(client, monkeypatch):
    def fail(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    response = client.post(reverse("wagtaildocs:add"), {"title": "Minutes", "file": file()}, follow=True)
    assert response.status_code == 200
    assert WORDS in response.content.decode()
    assert not SiteDocument.objects.exists()
