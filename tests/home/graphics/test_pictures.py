"""Our pictures have the elements and attributes of Wagtail's."""

from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images.models import Picture

from home.graphics.pictures import SitePicture
from home.models.library.renditions import PLACES
from tests.support import factories

pytestmark = pytest.mark.django_db
WORDS = 'A "protest" <b>&amp; a march</b>'


class Elements(HTMLParser):
    """The elements of HTML in order. The order of attributes means nothing."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.found.append(("/", tag))


def jpeg(width):
    content = BytesIO()
    Image.new("RGB", (width, 500), "teal").save(content, "JPEG")
    return ContentFile(content.getvalue(), name="photo.jpg")


@pytest.fixture(params=["wide", "narrow"])
def image(request):
    width = 1300 if request.param == "wide" else 300
    image = factories.make_image(file=jpeg(width), description=WORDS)
    image.make(image.missing_renditions())
    return image


@pytest.mark.parametrize("attributes", [{}, {"loading": "lazy", "sizes": "(min-width: 38rem) 35rem, 90vw"}])
@pytest.mark.parametrize("place", PLACES)
def test_a_picture_is_wagtails_picture(image, place, attributes):
    made = image.made_for(place)
    ours, wagtails = SitePicture(made, dict(attributes)), Picture(made, dict(attributes))
    elements = Elements(ours.__html__()).found
    assert elements == Elements(wagtails.__html__()).found
    shown = dict(elements)["img"]
    assert shown["alt"] == WORDS
    assert shown["width"]
    assert shown["height"]
    formats = [attributes["type"] for tag, attributes in elements if tag == "source"]
    assert formats == (["image/avif", "image/webp"] if place in ("text", "logo") else [])
