"""Several images are added at once and described one after the other, with the keyboard alone."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import expect

from home.models import SiteImage
from tests.support.admin_pages import sign_in, violations

pytestmark = pytest.mark.browser
pillow_heif.register_heif_opener()


def photo(name, image_format, size, **options):
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, image_format, **options)
    return {"name": name, "mimeType": "", "buffer": content.getvalue()}


def photos():
    """Return photos as phones make them: a HEIC, one of 12 megapixels that is turned, and a small one."""
    turned = Image.Exif()
    turned[0x112] = 6
    return [
        photo("IMG_2041.HEIC", "HEIF", (640, 480)),
        photo("IMG_2042.jpg", "JPEG", (4032, 3024), exif=turned),
        photo("march.jpg", "JPEG", (600, 450)),
    ]


def test_images_are_described_one_after_the_other(page, site, django_user_model):
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/images/multiple/add/")
    page.locator("#fileupload").focus()
    page.locator("#fileupload").set_input_files(photos())
    rows, keys = page.locator("#upload-list > li"), page.keyboard
    # All are there, but only the first one asks.
    expect(page.locator("[data-preview]")).to_have_count(3)
    expect(page.get_by_role("textbox", name="Description")).to_have_count(1)
    assert not violations(page, "#upload-list")

    for number, words in enumerate(["The hall", "A street", "The march"]):
        picture, title = rows.first.locator("[data-preview]"), rows.first.get_by_role("textbox", name="Title")
        expect(title).to_be_focused()
        if number == 1:
            page.set_viewport_size({"width": 1280, "height": 740})
            assert not violations(page, "#upload-list")
        keys.press("Control+A")
        keys.type(words)
        if number == 0:
            keys.press("Enter")
            # What is missing is asked for where it is missing.
            expect(page.get_by_role("textbox", name="Description")).to_be_focused()
        else:
            keys.press("Tab")
        keys.type(f"{words}, with nobody in it")
        expect(picture).to_be_in_viewport(ratio=1)
        shown = picture.evaluate("picture => picture.naturalWidth / picture.naturalHeight")
        assert shown == pytest.approx([4 / 3, 3 / 4, 4 / 3][number], rel=0.01)
        while page.evaluate("document.activeElement.type") != "radio":
            keys.press("Tab")
        keys.press("Space")
        keys.press("Enter")
        expect(rows).to_have_count(2 - number, timeout=30_000)
    expect(page.locator("#fileupload")).to_be_focused()

    stored = SiteImage.objects.order_by("pk")
    assert [image.title for image in stored] == ["The hall", "A street", "The march"]
    assert all(image.description.endswith("with nobody in it") for image in stored)
    assert [image.width > image.height for image in stored] == [True, False, True]
