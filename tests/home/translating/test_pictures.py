"""Pictures on translated pages are described in their language, or read out with the voice of another."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Locale

from home.translating.beginning import begin
from tests.support import factories

pytestmark = pytest.mark.django_db

ENGLISH, SPANISH = "People at City Hall", "Personas en la alcaldía"


def block(image, alt):
    return {"type": "image", "value": {"image": {"image": image.pk, "alt_text": alt, "decorative": False}}}


@pytest.fixture
def image(db):
    return factories.make_image(title="Vigil")


@pytest.fixture
def translation(image):
    """The translation of an event with an image at the top, and with two blocks that show it."""
    body = [block(image, ENGLISH), block(image, "The same people, later")]
    event = factories.make_event(title="Vigil", lead_image=image, body=body)
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    for each in (event.category, event.get_ancestors().get(depth=2).specific, event.get_parent().specific):
        begin(each, spanish).save_revision().publish()
    return begin(event, spanish)


def publish(page):
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def pictures_on(client, page):
    """Return the description and the language of each picture."""
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    return [(each["alt"], each.get("lang")) for each in soup.select("picture img")]


def hints(page):
    return [problem.path for problem in page.problems() if "“Vigil”" in problem.words and problem.is_hint]


def test_what_is_described_in_english_is_read_with_an_english_voice_and_the_translator_is_told(
    client, image, translation
):
    assert pictures_on(client, publish(translation)) == [
        (ENGLISH, "en"),
        (ENGLISH, "en"),
        ("The same people, later", "en"),
    ]
    first, second = (f"body.{child.id}.image.alt_text" for child in translation.body)
    assert hints(translation) == ["", first, second]


def test_a_description_in_the_library_serves_each_place_that_has_no_own(client, image, translation):
    image.descriptions = {"es": SPANISH}
    image.save()
    page = publish(type(translation).objects.get(pk=translation.pk))
    assert pictures_on(client, page)[:2] == [(SPANISH, None), (SPANISH, None)]
    assert hints(page) == [f"body.{page.body[1].id}.image.alt_text"]
    assert f'property="og:image:alt" content="{SPANISH}"' in client.get(page.url).content.decode()
    original = page.get_translation(Locale.get_default())
    assert pictures_on(client, original) == [
        (ENGLISH, None),
        (ENGLISH, None),
        ("The same people, later", None),
    ]
    assert hints(original) == []


def test_a_block_of_a_translation_has_a_description_of_its_own(client, image, translation):
    image.descriptions = {"es": SPANISH}
    image.save()
    translation.body = [block(image, "Otras personas")]
    assert pictures_on(client, publish(translation)) == [(SPANISH, None), ("Otras personas", None)]


def test_a_decorative_picture_has_no_description_in_any_language(client, image, translation):
    image.is_decorative, image.descriptions = True, {"es": SPANISH}
    image.save()
    translation = type(translation).objects.get(pk=translation.pk)
    translation.body = []
    assert pictures_on(client, publish(translation)) == [("", None)]
    assert hints(translation) == []


def test_the_description_of_a_lost_picture_keeps_its_voice(client, image, translation):
    page = publish(translation)
    image.renditions.all().delete()
    lost = BeautifulSoup(client.get(page.url).content, "html.parser").select_one(".photo-lost span")
    assert (lost.text, lost["lang"]) == (ENGLISH, "en")
