"""
The pictures of the handbook: each is held against the screen that it shows, so that none of them ages.
`make pictures` makes them anew.
"""

import os
from functools import partial
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image, ImageChops, ImageStat
from wagtail.models import Workflow

from home.models import ContactMessage, ContactPage
from tests.support import factories
from tests.support.waiting import wait_until
from timeline.models import EventPage, TimelinePage

pytestmark = pytest.mark.browser

FOLDER = settings.BASE_DIR / "leadwatch" / "static" / "site_admin" / "help"
# Of 255, the mean over all of a picture: a day or a name more than that is another screen.
MOST_DIFFERENCE = 4


def home(page, admin):
    page.goto(f"{admin.url}/admin/")


def event(page, admin):
    page.goto(f"{admin.url}/admin/pages/{EventPage.objects.get(slug='hearing').pk}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    page.frame_locator("#w-preview-iframe").get_by_text("People asked").first.wait_for()


def review(page, admin):
    page.goto(f"{admin.url}/admin/pages/{EventPage.objects.get(slug='hearing').pk}/edit/")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish").wait_for()


def events(page, admin):
    page.goto(f"{admin.url}/admin/timeline/eventpage/?sources=some")


def messages(page, admin):
    page.goto(f"{admin.url}/admin/messages/")


PICTURES = [home, event, review, events, messages]


@pytest.fixture
def work(admin, django_user_model):
    """What waits for a moderator: an event to review, and two messages."""
    author = django_user_model.objects.get(username="editors")
    hearing = factories.make_event(
        TimelinePage.objects.get(),
        title="Alders hear from the partners",
        slug="hearing",
        summary="People asked what the program had done.",
        date="2018-12",
        live=False,
        owner=author,
    )
    Workflow.objects.first().start(hearing, author)
    for words in ("When do the partners meet next?", "The link to the contract leads nowhere."):
        ContactMessage.objects.create(page=ContactPage.objects.get(), form_data={"your_message": words})


def test_the_pictures_of_the_handbook_show_the_screens_as_they_are(browser, admin, work):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(page, "Moderators")
    for show in PICTURES:
        show(page, admin)
        file = FOLDER / f"{show.__name__}.png"
        if os.environ.get("RECORD_PICTURES"):
            page.wait_for_load_state("networkidle")
            screenshot(page).quantize(64).save(file, optimize=True)
        assert file.exists(), f"{file.name} is missing: make pictures"
        wait_until(partial(is_shown, page, Image.open(file)), f"{file.name} has aged: make pictures")


def is_shown(page, picture):
    return difference(screenshot(page), picture) < MOST_DIFFERENCE


def screenshot(page):
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def difference(one, other):
    """How far two pictures are apart in what one sees at a glance, of 255."""
    small = [picture.convert("L").resize((64, 40), Image.Resampling.BOX) for picture in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0]


def test_another_screen_is_told_from_a_picture():
    assert difference(Image.open(FOLDER / "home.png"), Image.open(FOLDER / "event.png")) > MOST_DIFFERENCE
