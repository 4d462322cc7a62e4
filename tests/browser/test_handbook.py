"""
The screenshots in the handbook match the current screens. `make pictures` updates them.
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
# Mean difference of pixel values, from 0 to 255. Another screen differs more, another date or name less.
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
    page.get_by_role("button", name="Approve and publish").wait_for()


def events(page, admin):
    page.goto(f"{admin.url}/admin/timeline/eventpage/?sources=some")


def messages(page, admin):
    page.goto(f"{admin.url}/admin/messages/")


# Wagtail opens the panel that was open last, so the picture with the preview comes after the one without.
PICTURES = [home, review, event, events, messages]


@pytest.fixture
def work(admin, django_user_model):
    """Create an event in review and two messages for a moderator."""
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


def test_the_screenshots_show_the_current_screens(browser, admin, work):
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
    """Return how different two screenshots look at a glance, from 0 to 255."""
    small = [picture.convert("L").resize((64, 40), Image.Resampling.BOX) for picture in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0]


def test_screenshots_of_different_screens_differ():
    assert difference(Image.open(FOLDER / "home.png"), Image.open(FOLDER / "event.png")) > MOST_DIFFERENCE
