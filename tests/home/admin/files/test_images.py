"""One picture whose file is damaged or missing takes no screen with it."""

import logging

import pytest
from django.urls import reverse

from tests.support import factories
from tests.support.images import png_of

pytestmark = pytest.mark.django_db
PLACEHOLDER = "site_admin/lost-picture.svg"


def harmed(image, harm):
    """An image whose stored file was changed before it had renditions."""
    image.renditions.all().delete()
    with image.file.open() as file:
        content = file.read()
    image.file.storage.delete(image.file.name)
    if harm is not None:
        with image.file.storage.open(image.file.name, "wb") as file:
            file.write(harm(content))
    return image


# Cut off, of 182 megapixels, and none at all.
HARMS = {
    "half": lambda content: content[: len(content) // 2],
    "huge": lambda content: png_of((13_500, 13_500)),
    "missing": None,
}


@pytest.fixture(params=HARMS)
def damaged(request):
    return harmed(factories.make_image(title="Damaged", description=""), HARMS[request.param])


@pytest.fixture
def good():
    return factories.make_image(title="Good", description="")


def test_lists_of_images_show_all_others_and_mark_a_lost_one(admin_client, damaged, good):
    for address in (
        reverse("wagtailimages:index"),
        reverse("wagtailimages:index") + "?layout=list",
        reverse("wagtailimages:index_results"),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtailimages_chooser:choose_results"),
        reverse("images_without_description"),
        reverse("images_without_description_results"),
    ):
        response = admin_client.get(address)
        html = response.content.decode()
        assert response.status_code == 200, address
        assert "Good" in html, address
        assert "Damaged" in html, address
        assert html.count(PLACEHOLDER) == 1, address


def test_every_screen_of_a_lost_image_opens(admin_client, damaged):
    for name in ("edit", "delete", "image_usage"):
        response = admin_client.get(reverse(f"wagtailimages:{name}", args=[damaged.pk]))
        assert response.status_code == 200, name
        assert "Damaged" in response.content.decode(), name
    assert PLACEHOLDER in admin_client.get(reverse("wagtailimages:edit", args=[damaged.pk])).content.decode()


def test_a_lost_image_can_be_chosen_and_is_marked_in_the_form_of_a_page(admin_client, damaged):
    chosen = admin_client.get(reverse("wagtailimages_chooser:chosen", args=[damaged.pk])).json()
    assert PLACEHOLDER in chosen["result"]["preview"]["url"]
    event = factories.make_event(lead_image=damaged)
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert PLACEHOLDER in html


def test_a_lost_image_can_be_replaced(admin_client, damaged):
    fields = {"title": "Mended", "description": "People", "people": "nobody"}
    fields["file"] = factories.image_file("new.jpg")
    response = admin_client.post(reverse("wagtailimages:edit", args=[damaged.pk]), fields)
    assert response.status_code == 302
    damaged.refresh_from_db()
    assert not damaged.get_rendition("width-20").is_lost


def test_a_page_with_a_lost_image_is_served(client, damaged):
    event = factories.make_event(lead_image=damaged, listing_image=damaged)
    html = client.get(event.url).content.decode()
    assert "This image cannot be shown." in html
    assert PLACEHOLDER not in html
    assert "/cover/" in html
    timeline = event.get_parent()
    for address in ("/feed/", f"{timeline.url}feed/", timeline.url, f"{timeline.url}events.json"):
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, address
        assert event.title in content.decode(), address


def test_a_partner_with_a_lost_logo_is_shown_without_it(client, damaged):
    html = client.get(factories.make_partner(logo=damaged).url).content.decode()
    assert "partner-logo" not in html
    assert PLACEHOLDER not in html


def test_a_lost_image_is_logged_once(damaged, caplog):
    for _time in range(2):
        assert damaged.get_rendition("width-20").is_lost
        assert damaged.get_renditions("width-20", "width-30")["width-30"].is_lost
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert damaged.file.name in record.getMessage()


LONG = f"q={'x' * 2000}"


@pytest.mark.parametrize(
    "query", ["q=Wordless", "q=zzz", "q=%00", LONG, "collection_id=x&tag=x&ordering=x&p=x&usage_count_min=x"]
)
def test_images_without_description_can_be_searched_and_filtered(admin_client, query):
    factories.make_image(title="Wordless", description="")
    factories.make_image(title="Wordless but decorative", description="", is_decorative=True)
    for name in ("images_without_description", "images_without_description_results"):
        response = admin_client.get(f"{reverse(name)}?{query}")
        html = response.content.decode()
        assert response.status_code == 200
        assert "but decorative" not in html
        assert ("Wordless" in html) == (query not in {"q=zzz", LONG})
