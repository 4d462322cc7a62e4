"""While the bucket with the media fails, uploads are refused in words, and nothing typed is lost."""

import time
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from home.models import SiteDocument, SiteImage
from leadwatch.media import bucket as module
from tests.support import factories
from tests.support.upload_screens import add_document, choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor", "bucket")]
WORDS = "does not answer, so nothing was stored"
TYPED = "The council in May"


def image(width=61):
    """Return an image that is not in the library yet."""
    content = BytesIO()
    Image.new("RGB", (width, 40), "teal").save(content, "JPEG")
    return upload(content.getvalue(), "new.jpg")


def file():
    return upload(b"Minutes", "new.txt")


def test_uploads_to_a_bucket_are_stored_and_served(client, bucket):
    add_document(client, file(), title=TYPED)
    choose(client, "images", image(), title=TYPED)
    # This screen asks for the other fields afterwards.
    drop(client, "images", image(width=62))
    waiting = UploadedFile.objects.get()
    stored = [*SiteDocument.objects.all(), *SiteImage.objects.all()]
    assert len(stored) == 2
    assert bucket.names >= {each.file.name for each in (*stored, waiting)}
    for each in stored:
        content = each.file.storage.open(each.file.name).read()
        assert each.file_size == len(content)
    assert client.get(stored[0].url).getvalue() == b"Minutes"


def test_an_upload_with_an_error_keeps_its_file_in_the_bucket(client, bucket):
    form = add_document(client, file(), title="").content.decode()
    kept = UploadedFile.objects.get()
    assert kept.file.name in bucket.names
    assert "new.txt is kept" in form
    add_document(client, b"", title=TYPED, kept_file=str(kept.pk))
    assert (
        SiteDocument.objects.get().file.storage.open(SiteDocument.objects.get().file.name).read()
        == b"Minutes"
    )


def test_a_replaced_file_leaves_the_bucket(client, bucket):
    old = factories.make_file()
    edit(client, old, file=file(), add_again="on")
    new = SiteDocument.objects.get()
    assert old.file.name != new.file.name
    assert bucket.names == {new.file.name}


def attempts(client, old_image, old_file):
    sent = {"title": TYPED, "description": "People", "people": "nobody"}
    yield "drop", lambda: drop(client, "images", image())["error_message"]
    yield "choose", lambda: choose(client, "images", image(), title=TYPED)
    yield "wrong", lambda: choose(client, "images", image(), title=TYPED, description="")
    yield "add", lambda: client.post(reverse("wagtailimages:add"), sent | {"file": image()}).content.decode()
    yield "edit", lambda: edit(client, old_image, title=TYPED, file=image()).content.decode()
    yield "drop", lambda: drop(client, "docs", file())["error_message"]
    yield "choose", lambda: choose(client, "docs", file(), title=TYPED)
    yield "add", lambda: add_document(client, file(), title=TYPED).content.decode()
    yield "edit", lambda: edit(client, old_file, title=TYPED, file=file()).content.decode()


def assert_all_are_refused(client, old_image, old_file, but=()):
    for name, attempt in attempts(client, old_image, old_file):
        if name in but:
            continue
        shown = attempt()
        assert WORDS in shown, name
        if name != "drop":
            assert f'value="{TYPED}"' in shown.replace('\\"', '"'), name
    assert (SiteImage.objects.get(), SiteDocument.objects.get()) == (old_image, old_file)
    assert SiteImage.objects.get().file.name == old_image.file.name
    assert SiteDocument.objects.get().file.name == old_file.file.name
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("failure", ["away", "silent"])
def test_uploads_are_refused_while_the_bucket_does_not_answer(client, bucket, failure, monkeypatch):
    monkeypatch.setattr(module, "ANSWERING", 1)
    old_image, old_file = factories.make_image(), factories.make_file()
    names = bucket.names
    with getattr(bucket, failure)():
        assert_all_are_refused(client, old_image, old_file)
        # What needs no file can be saved.
        title = {"title": TYPED, "description": "People at City Hall", "people": "nobody", "kept_file": ""}
        client.post(reverse("wagtailimages:edit", args=[old_image.pk]), title)
        assert SiteImage.objects.get().title == TYPED
        # Every screen can be opened.
        for page in (
            "wagtailimages:index",
            "wagtaildocs:index",
            "wagtailimages:add",
            "wagtailimages:add_multiple",
        ):
            assert client.get(reverse(page)).status_code == 200
        for thing, noun in ((old_image, "images"), (old_file, "docs")):
            assert client.get(reverse(f"wagtail{noun}:edit", args=[thing.pk])).status_code == 200
            assert client.get(reverse(f"wagtail{noun}:delete", args=[thing.pk])).status_code == 200
    assert bucket.names == names


def test_uploads_are_refused_if_the_bucket_takes_none(client, bucket):
    old_image, old_file = factories.make_image(), factories.make_file()
    for name in bucket.names:
        bucket.client.delete_object(Bucket=bucket.name, Key=name)
    bucket.client.delete_bucket(Bucket=bucket.name)
    # On the screen for many files, which has no words for it, Wagtail says that the server failed.
    assert_all_are_refused(client, old_image, old_file, but=["drop"])


def test_a_kept_file_that_cannot_be_read_now_is_not_lost(client, bucket):
    add_document(client, file(), title="")
    kept = UploadedFile.objects.get()
    with bucket.away():
        form = add_document(client, b"", title=TYPED, kept_file=str(kept.pk)).content.decode()
    assert WORDS in form
    assert f'value="{TYPED}"' in form
    assert f'name="kept_file" value="{kept.pk}"' in form
    time.sleep(module.REST)
    add_document(client, b"", title=TYPED, kept_file=str(kept.pk))
    assert SiteDocument.objects.get().title == TYPED
    assert default_storage.open(SiteDocument.objects.get().file.name).read() == b"Minutes"
