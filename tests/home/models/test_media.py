from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from PIL import Image
from wagtail.images.forms import get_image_form

from home.models import SiteImage
from tests.support import factories
from tests.support.images import photo_with_position, stored
from tests.support.people import member

pytestmark = pytest.mark.django_db


def test_a_stored_photo_has_no_metadata():
    content = stored(factories.make_image(file=photo_with_position()))
    assert b"Planted" not in content
    assert not Image.open(BytesIO(content)).getexif()


def test_a_photo_stays_upright():
    image = factories.make_image(file=photo_with_position())
    assert (image.width, image.height) == (40, 60)


def test_renditions_have_no_metadata():
    image = factories.make_image(file=photo_with_position())
    with image.get_rendition("width-20").file.open() as file:
        content = file.read()
    assert b"Planted" not in content
    assert not Image.open(BytesIO(content)).getexif()


def test_size_and_hash_are_those_of_the_stored_file():
    image = factories.make_image(file=photo_with_position())
    assert image.file_size == len(stored(image))
    same = factories.make_image(file=factories.image_file())
    assert same.file_hash


@pytest.mark.parametrize(
    ("image_format", "stored_as"), [("PNG", "PNG"), ("WEBP", "WEBP"), ("GIF", "PNG"), ("AVIF", "AVIF")]
)
def test_other_formats_are_kept_but_gif_becomes_png(image_format, stored_as):
    content = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(content, image_format)
    content.name = f"picture.{image_format.lower()}"
    from django.core.files.images import ImageFile

    image = factories.make_image(file=ImageFile(content, name=content.name))
    assert Image.open(BytesIO(stored(image))).format == stored_as


def test_an_image_needs_a_description_unless_it_is_decorative():
    with pytest.raises(ValidationError, match="Describe the image"):
        SiteImage(title="x", file=factories.image_file()).full_clean()
    SiteImage(title="x", file=factories.image_file(), is_decorative=True, width=1, height=1).clean()


def test_the_description_is_the_alternative_text_unless_the_image_is_decorative():
    assert factories.make_image().default_alt_text == "People at City Hall"
    assert factories.make_image(is_decorative=True).default_alt_text == ""


def test_the_form_asks_for_a_description_and_credit():
    assert {"description", "is_decorative", "credit"} <= set(get_image_form(SiteImage).base_fields)


def test_the_form_has_a_description_in_each_other_language(client, groups):
    client.force_login(member("Editors"))
    image = factories.make_image(people="nobody")
    address = reverse("wagtailimages:edit", args=[image.pk])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    field = page.select_one("[name=descriptions_es]")
    assert field["lang"] == "es"
    assert page.select_one(f"label[for='{field['id']}']").text == "Spanish"
    data = {"title": "Photo", "description": "People", "descriptions_es": "Personas", "people": "nobody"}
    data |= {"collection": image.collection_id, "tags": ""}
    assert client.post(address, data).status_code == 302
    image.refresh_from_db()
    assert image.descriptions == {"es": "Personas"}
    assert image.described("es") == ("Personas", "es")
    assert image.described("fr") == image.described("en") == ("People", "en")


def test_whoever_changes_a_description_is_told_that_those_in_other_languages_are_as_before(client, groups):
    client.force_login(member("Editors"))
    image = factories.make_image(description="People", descriptions={"es": "Personas"}, people="nobody")
    address = reverse("wagtailimages:edit", args=[image.pk])
    data = {"title": "Photo", "description": "People", "descriptions_es": "Personas", "people": "nobody"}
    data |= {"collection": image.collection_id, "tags": ""}

    def is_told(**fields):
        data.update(fields)
        return (
            "The description in other languages was not changed."
            in client.post(address, data, follow=True).text
        )

    assert is_told(description="Ten people")
    assert not is_told(title="A meeting")
    assert not is_told(description="Two people", descriptions_es="Dos personas")
    assert not is_told(description="Three people", descriptions_es="")
    assert not is_told(description="Four people")
