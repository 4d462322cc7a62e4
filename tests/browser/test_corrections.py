"""The question whether a change is a correction keeps all input, and visitors read the answer."""

import os

import pytest
from playwright.sync_api import expect

from tests.support import factories
from tests.support.admin_pages import sign_in

pytestmark = pytest.mark.browser


def test_an_editor_corrects_a_concern_and_a_visitor_reads_what_was_wrong(
    page, browser, site, django_user_model
):
    sign_in(page, site, django_user_model)
    concern = factories.make_concern(title="Few were diverted", summary="Two of 590 people.")
    page.goto(f"{site}/admin/pages/{concern.pk}/edit/")
    page.locator("[name=summary]").fill("Six of 590 people.")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()

    question = page.get_by_role("region", name="One more question before it is published")
    expect(question).to_be_focused()
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/question.png")
    question.get_by_label("Yes, something was wrong").check()
    question.get_by_label("What was wrong, or what is new").fill("We wrote two; it was six.")
    expect(page.locator("[name=summary]")).to_have_value("Six of 590 people.")
    question.get_by_role("button", name="Answer and continue").click()
    page.get_by_text("has been published").first.wait_for()

    visitor = browser.new_page()
    visitor.goto(f"{site}{concern.url}")
    expect(visitor.get_by_text("Six of 590 people.").first).to_be_visible()
    corrections = visitor.get_by_role("region", name="Corrections and updates")
    expect(corrections.get_by_text("We wrote two; it was six.")).to_be_visible()
