"""Each form for uploads says what was changed in an image to store it."""

from base64 import b64decode
from io import BytesIO

import pillow_heif
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from PIL import Image

from tests.support import factories
from tests.support.images import photo_with_position, png_of
from tests.support.upload_screens import choose, drop, edit, upload

pillow_heif.register_heif_opener()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]

STILL = "This was a moving image. Only its beginning is kept."
SMALLER = "The image was scaled down from 5,000 × 6,000 to 2,886 × 3,464 pixels."


def moving():
    content = BytesIO()
    pictures = [Image.new("RGB", (40, 30), (80 * number, 0, 0)) for number in range(3)]
    pictures[0].save(content, "GIF", save_all=True, append_images=pictures[1:])
    return upload(content.getvalue(), "Council.gif")


def image_of(image_format, size):
    content = BytesIO()
    Image.new("RGB", size).save(content, image_format)
    return content.getvalue()


def next_screen(client):
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_dropped_image_says_it_at_once(client):
    assert STILL in drop(client, "images", moving())["form"]
    assert SMALLER in drop(client, "images", upload(png_of((5_000, 6_000)), "Council.png"))["form"]


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [
        # Browsers show no HEIC.
        (lambda: image_of("HEIF", (800, 600)), "Council.heic", ("JPEG", (400, 300))),
        (lambda: png_of((800, 600)), "Council.png", ("PNG", (400, 300))),
    ],
)
def test_a_dropped_image_is_shown_small(client, content, name, shown):
    form = BeautifulSoup(drop(client, "images", upload(content(), name))["form"], "html.parser")
    address = form.select_one("img[data-preview]")["src"]
    picture = Image.open(BytesIO(b64decode(address.partition("base64,")[2])))
    assert (picture.format, picture.size) == shown


def test_an_image_uploaded_in_a_chooser_says_it_on_the_next_screen(client):
    choose(client, "images", moving())
    assert f"Council: {STILL}" in next_screen(client)
    assert STILL not in next_screen(client)


def test_a_replaced_image_says_it(client):
    edit(client, factories.make_image(title="Hall"), file=upload(png_of((5_000, 6_000)), "b.png"))
    assert f"Hall: {SMALLER}" in next_screen(client)


def test_a_form_with_an_error_says_it_beside_the_kept_image(client):
    answer = choose(client, "images", moving(), description="")
    assert "is kept" in answer
    assert STILL in answer
    assert STILL not in next_screen(client)


def test_a_photo_that_was_only_turned_says_nothing(client):
    assert "help-info" not in drop(client, "images", upload(photo_with_position(), "Rally.jpg"))["form"]
    choose(client, "images", upload(photo_with_position(), "Rally.jpg"))
    assert "pixels" not in next_screen(client)


def test_each_form_says_beforehand_what_will_be_changed(client):
    words = "Of a moving image, only the beginning is kept."
    for name in ("wagtailimages:add_multiple", "wagtailimages_chooser:choose"):
        assert words in client.get(reverse(name)).content.decode()
