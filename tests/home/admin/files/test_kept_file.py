"""A file that was sent is kept while another field has an error."""

import re

import pytest
from django.urls import reverse
from wagtail.models import UploadedFile

from home.models import SiteDocument, SiteImage
from tests.support import factories
from tests.support.files import SECRET, pdf_of
from tests.support.images import photo_with_position, stored
from tests.support.upload_screens import add_document, choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]


def kept_number(html):
    return re.search(r'kept_file\\?" value=\\?"(\d+)', html)[1]


def test_an_image_is_kept_until_it_is_described(client, tmp_path, django_capture_on_commit_callbacks):
    html = choose(client, "images", upload(photo_with_position(), "rally.jpg"), description="")
    assert "rally.jpg is kept" in html
    assert "required" not in re.search(r"<input type=.?.file.*?>", html)[0]
    number = kept_number(html)
    # Another error doesn't lose it, either.
    assert kept_number(choose(client, "images", "", kept_file=number, people="")) == number
    assert UploadedFile.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        choose(client, "images", "", kept_file=number)
    image = SiteImage.objects.get()
    assert (image.width, image.height) == (40, 60)
    assert image.file.name.endswith("rally.jpg")
    assert not UploadedFile.objects.exists()
    assert not list((tmp_path / "media" / "wagtail_uploads").iterdir())


@pytest.mark.parametrize("ways", [0, 1, 2])
def test_an_image_that_waited_is_written_only_once(client, ways):
    """Check that it has the same bytes in whatever way it came, so that it is recognized as a duplicate."""
    if ways == 0:
        number = drop(client, "images", upload(photo_with_position(), "a.jpg"))["uploaded_file_id"]
        fields = {"title": "A rally", "description": "People", "people": "nobody"}
        sent = {f"uploaded-image-{number}-{name}": value for name, value in fields.items()}
        client.post(reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number]), sent)
    elif ways == 1:
        html = choose(client, "images", upload(photo_with_position(), "a.jpg"), description="")
        choose(client, "images", "", kept_file=kept_number(html))
    else:
        factories.make_image(file=photo_with_position())
    assert len(stored(SiteImage.objects.get())) == SiteImage.objects.get().file_size
    again = drop(client, "images", upload(photo_with_position(), "b.jpg"))
    assert "already in the library" in again["error_message"]


def test_bytes_after_an_image_are_not_stored(client):
    forged = photo_with_position().read() + b"0" * 64
    choose(client, "images", upload(forged, "a.jpg"))
    assert b"Planted" not in stored(SiteImage.objects.get())


def test_a_file_is_kept_until_it_has_a_title(client):
    html = add_document(client, upload(pdf_of(), "scan0001.pdf"), title="scan0001").content.decode()
    assert "scan0001.pdf is kept" in html
    add_document(client, "", title="Minutes of May", kept_file=kept_number(html))
    document = SiteDocument.objects.get()
    with document.open_file() as file:
        assert SECRET.encode() not in file.read()
    assert document.details == "none"


def test_a_file_is_kept_until_its_replacement_is_confirmed(client):
    document = factories.make_file("old.txt", b"Old words")
    factories.make_document(file=document)
    html = edit(client, document, file=upload(b"New words", "new.txt")).content.decode()
    edit(client, document, kept_file=kept_number(html), replace_everywhere="on")
    document.refresh_from_db()
    with document.open_file() as file:
        assert file.read() == b"New words"


def test_a_duplicate_is_kept_until_it_is_wanted(client):
    factories.make_image(file=factories.image_file())
    html = choose(client, "images", upload(factories.image_file(), "again.jpg"))
    assert "already in the library" in html
    choose(client, "images", "", kept_file=kept_number(html), add_again="on")
    assert SiteImage.objects.count() == 2


def test_another_file_that_is_chosen_replaces_the_kept_one(client):
    html = add_document(client, upload(b"Old words", "old.txt"), title="").content.decode()
    add_document(client, upload(b"New words", "new.txt"), kept_file=kept_number(html))
    with SiteDocument.objects.get().open_file() as file:
        assert file.read() == b"New words"


def test_a_refused_file_is_not_kept(client):
    assert (
        'name="kept_file" id' in add_document(client, upload(b"<html>", "a.txt"), title="").content.decode()
    )
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("number", ["x", "0", "-1", "9" * 40, "²"])
def test_a_number_that_nobody_was_given_finds_nothing(client, number):
    assert "This field is required" in add_document(client, "", kept_file=number).content.decode()


def test_nobody_gets_the_file_of_somebody_else(client, sign_in):
    html = add_document(client, upload(b"Hers", "hers.txt"), title="").content.decode()
    sign_in("Editors")
    number = kept_number(html)
    assert "This field is required" in add_document(client, "", kept_file=number).content.decode()
    assert "image-chooser-upload-file" in choose(client, "images", "", kept_file=number)
    assert not SiteDocument.objects.exists()
