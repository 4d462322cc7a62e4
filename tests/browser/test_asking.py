"""A moderator asks a contributor to look after a page, by keyboard and on a phone."""

import os

import pytest
from playwright.sync_api import expect

from home.models import Assignment
from tests.support import factories
from tests.support.admin_pages import violations
from timeline.models import TimelinePage

pytestmark = pytest.mark.browser


def picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png")


def test_a_page_is_asked_about_and_looked_after(browser, admin, django_user_model):
    contributor = django_user_model.objects.get(username="contributors")
    hearing = factories.make_event(
        TimelinePage.objects.get(), title="Alders hear from the partners", live=False, owner=contributor
    )
    moderator = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(moderator, "Moderators")
    moderator.goto(f"{admin.url}/admin/pages/{hearing.pk}/edit/")
    moderator.get_by_role("button", name="Actions", exact=True).press("Enter")
    moderator.get_by_role("link", name="Ask somebody").press("Enter")
    moderator.get_by_label("Who").select_option(label="contributors")
    moderator.get_by_label("By when").fill("2099-12-31")
    moderator.get_by_label("What to do").fill("Add the minutes.")
    picture(moderator, "ask")
    assert not violations(moderator)
    moderator.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(moderator.get_by_text("moderators asks contributors. “Add the minutes.”")).to_be_visible()
    picture(moderator, "form")

    phone = browser.new_page(viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    admin.sign_in(phone, "Contributors")
    picture(phone, "home")
    assert not violations(phone)
    phone.get_by_role("link", name="Alders hear from the partners").press("Enter")
    expect(phone.get_by_text("moderators asks you.")).to_be_visible()
    assert not violations(phone, ".lw-asks")
    picture(phone, "done")
    phone.get_by_role("button", name="Done").press("Enter")
    expect(phone.get_by_text("Alders hear from the partners: Done.")).to_be_visible()
    assert not Assignment.objects.open().exists()
