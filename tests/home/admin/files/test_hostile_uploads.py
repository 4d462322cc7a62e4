"""No file that somebody sends is answered by an error: each is taken, or refused in words that say why."""

import json
import random
import struct
import zlib
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from home.admin.files import image_field
from home.files.child import JobFailed
from home.models import SiteDocument, SiteImage
from tests.support import factories
from tests.support.files import docx_of, odt_of, pdf_of, xlsx_of
from tests.support.images import png_of
from tests.support.upload_screens import add_document, choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]


def png_that_says(width, height):
    """Return a small PNG whose header claims a huge size."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def add_picture(client, file, **fields):
    sent = {
        "title": "A rally",
        "description": "People at City Hall",
        "people": "nobody",
        "file": file,
    } | fields
    return client.post(reverse("wagtailimages:add"), sent)


def test_every_form_refuses_an_image_of_182_megapixels_and_names_the_limit(client):
    """Yield the response of each form: single, multiple, chooser and replacement."""
    content = png_of((13_500, 13_500))
    assert len(content) < 30_000
    image = factories.make_image()
    alone = add_picture(client, upload(content, "a.png")).content.decode()
    assert 'value="A rally"' in alone
    assert "People at City Hall" in alone
    for answer in (
        alone,
        drop(client, "images", upload(content, "a.png"))["error_message"],
        json.loads(choose(client, "images", upload(content, "a.png")))["htmlFragment"],
        edit(client, image, file=upload(content, "a.png")).content.decode(),
    ):
        for words in ("13,500 × 13,500 pixels", "128 million", "in a smaller size"):
            assert words in answer
    assert SiteImage.objects.get() == image


def test_an_image_that_needs_too_much_memory_is_refused_with_a_message(client):
    for name, content, words in (
        ("a.png", png_that_says(2**31 - 1, 2**31 - 1), "2,147,483,647 × 2,147,483,647 pixels"),
        ("a.png", png_that_says(0, 5), "damaged"),
        ("a.png", png_that_says(50, 50), "damaged"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
    ):
        assert words in drop(client, "images", upload(content, name))["error_message"]
    assert not SiteImage.objects.exists()


def test_an_image_in_a_temporary_file_is_accepted(client, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    assert add_picture(client, upload(factories.image_file(), "a.jpg")).status_code == 302
    assert add_document(client, upload(docx_of().getvalue(), "a.docx")).status_code == 302
    assert SiteImage.objects.exists()
    assert SiteDocument.objects.exists()


def test_a_killed_child_process_is_reported_to_the_user_and_in_the_log(client, monkeypatch, caplog):
    def ended(file):
        raise JobFailed("exit status -9")

    monkeypatch.setattr(image_field, "clean_image", ended)
    answer = drop(client, "images", upload(factories.image_file(), "a.jpg"))
    assert "damaged" in answer["error_message"]
    assert any(record.exc_info for record in caplog.records)


def picture_of(image_format):
    content = BytesIO()
    Image.effect_noise((40, 40), 90).save(content, image_format)
    return content.getvalue()


KINDS = {
    "csv": b"a,b\n1,2\n",
    "docx": docx_of().getvalue(),
    "odt": odt_of().getvalue(),
    "pdf": pdf_of().read(),
    "txt": "Ñandú".encode("utf-16"),
    "xlsx": xlsx_of().getvalue(),
    **{name: picture_of(name.upper()) for name in ("avif", "gif", "jpeg", "png", "webp")},
}


def half(content, chance):
    return content[: len(content) // 2]


def flipped(content, chance):
    content = bytearray(content)
    for _time in range(5):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


@pytest.mark.parametrize("harm", [half, flipped])
def test_damaged_files_are_accepted_or_refused_with_a_message(client, harm):
    chance = random.Random(1)
    for extension, content in KINDS.items():
        noun = "docs" if extension in ("csv", "docx", "odt", "pdf", "txt", "xlsx") else "images"
        file = upload(harm(content, chance), f"harmed file.{extension}")
        answer = drop(client, noun, file)
        assert answer["success"] or len(answer["error_message"]) > 20, extension
