"""From a file to a document that visitors can read, by keyboard and on a phone."""

import os

import pytest
from playwright.sync_api import expect

from home.models import SiteDocument
from tests.support.admin_pages import check_at_both_widths, violations

pytestmark = pytest.mark.browser


def picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png")


def add_file(page, admin, words):
    """Upload a file by keyboard, and return the address of the next step, which has the focus then."""
    page.goto(f"{admin.url}/admin/documents/multiple/add/")
    page.locator("#fileupload").set_input_files(
        {"name": "scan0042.txt", "mimeType": "text/plain", "buffer": words}
    )
    title = page.locator("#upload-list").get_by_label("Title")
    title.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Minutes of the board")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Make a document of it")
    expect(link).to_be_focused()
    check_at_both_widths(page, ".lw-new-document")
    picture(page, "added")
    return link.get_attribute("href")


def test_a_document_is_made_of_a_file(browser, admin):
    words = b"Board of Alders. Held on October 25, 2016. The chief spoke about LEAD."
    visitor = browser.new_context().request
    desk = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(desk, "Moderators")
    offered = add_file(desk, admin, words)
    file = SiteDocument.objects.get(title="Minutes of the board")
    phone = browser.new_page(viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    admin.sign_in(phone, "Moderators")
    for name, address in (("files", "documents/"), ("file", f"documents/edit/{file.pk}/")):
        phone.goto(f"{admin.url}/admin/{address}")
        expect(
            phone.get_by_text("No public page uses this file, so visitors cannot open it.")
        ).to_be_visible()
        assert not violations(phone, ".messages, #listing-results")
        picture(phone, name)
    assert visitor.get(admin.url + file.url).status == 404

    desk.goto(f"{admin.url}/admin/documents/edit/{file.pk}/")
    picture(desk, "file")
    desk.goto(f"{admin.url}/admin/documents/")
    assert not violations(desk, ".messages, #listing-results")
    picture(desk, "files")
    link = desk.get_by_role("link", name="Make a document of it")
    assert link.get_attribute("href") == offered
    link.press("Enter")
    expect(desk.get_by_text("Filled in from the file")).to_be_visible()
    picture(desk, "filled")
    desk.locator("[name=issued_by]").fill("Board of Alders")
    desk.locator("#id_sources-ADD").press("Enter")
    desk.locator("[name=sources-0-title]").fill("The city's calendar")
    desk.get_by_role("button", name="More actions").press("Enter")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publish").press("Enter")
    desk.locator(".messages .success").first.wait_for()
    assert visitor.get(admin.url + file.url).status == 200
    desk.goto(f"{admin.url}/admin/documents/")
    expect(desk.get_by_text("Visitors can open this file.")).to_be_visible()
