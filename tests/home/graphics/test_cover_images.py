from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from home.graphics.cover_images import HEIGHT, WIDTH, cover_image, is_drawable
from home.graphics.covers import Cover
from tests.support import factories

COVER = Cover("eventpage:protest")


def image_of(title):
    return Image.open(BytesIO(cover_image(COVER, title, "LEAD Watch"))).convert("RGB")


def words(image):
    """Return the part of the image with the title."""
    return image.crop((WIDTH // 2, 0, WIDTH, HEIGHT - 120))


@pytest.mark.parametrize(
    "title", ["Protest", "\n\n", "La señal — “¿qué pasó?”", "Very " * 100, "W" * 80, "", "\x00", "\U0001f600"]
)
def test_an_image_of_any_title_has_the_stated_size(title):
    assert image_of(title).size == (WIDTH, HEIGHT)


def test_the_title_is_in_the_image():
    assert words(image_of("Protest")).getcolors() != words(image_of("Hearing")).getcolors()


def test_a_title_with_unknown_letters_is_left_out():
    assert is_drawable("La señal — “¿qué pasó?” 25 % & more")
    assert not is_drawable("شبكة")
    # Only the background color.
    assert len(words(image_of("شبكة")).getcolors()) == 1


@pytest.mark.django_db
def test_a_shared_link_shows_the_cover_of_its_page(client):
    event = factories.make_event()
    html = client.get(event.url).content.decode()
    address = reverse("cover", args=[event.pk])
    assert f'<meta property="og:image" content="{event.full_url.removesuffix(event.url)}{address}">' in html
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(BytesIO(response.content)).size == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_private_pages_have_no_cover(client):
    draft = factories.make_event(live=False)
    assert client.get(reverse("cover", args=[draft.pk])).status_code == 404
    # Pages of other types have none either.
    assert client.get(reverse("cover", args=[1])).status_code == 404
