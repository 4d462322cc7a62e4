"""Everything that visitors come for, with only a keyboard."""

import re

import pytest
from playwright.sync_api import expect

from concerns.models import ConcernSource
from home.forms import contact
from home.models import ContactMessage, SiteSettings
from tests.support import factories
from tests.support.everyone.keyboard import WINDOWS, Keyboard

pytestmark = pytest.mark.browser


@pytest.fixture(params=WINDOWS)
def page(browser, request):
    page = browser.new_page(viewport=WINDOWS[request.param], reduced_motion="reduce")
    # Replace other sites by empty pages.
    page.route(re.compile("^https:"), lambda route: route.fulfill(body="", content_type="text/html"))
    return page


@pytest.fixture
def keyboard(page):
    """Fail at the end if the focus was not visible at some stop."""
    keyboard = Keyboard(page)
    yield keyboard
    assert keyboard.problems == []


def test_skipping_to_the_text(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    keyboard.reach(page.get_by_role("link", name="Skip to the text"))
    keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    keyboard.stop()
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def test_reading_a_concern_and_opening_its_source(page, site, keyboard):
    source = ConcernSource(**factories.source_fields(url="https://example.org/article"))
    factories.make_concern(title="The City did not answer", sources=[source])
    page.goto(site)
    keyboard.reach_in_menu("Concerns")
    keyboard.press("Enter")
    page.wait_for_url("**/concerns/")
    keyboard.reach(page.get_by_role("main").get_by_role("link", name="The City did not answer"))
    keyboard.press("Enter")
    page.get_by_role("heading", name="The City did not answer", level=1).wait_for()
    keyboard.reach(page.get_by_role("main").get_by_role("link", name=source.title))
    keyboard.press("Enter")
    page.wait_for_url(source.url)


def test_filtering_the_timeline(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    year = page.get_by_label("Year or years")
    if not year.is_visible():
        keyboard.reach(page.get_by_role("main").locator("summary"))
        keyboard.press("Enter")
    keyboard.reach(year)
    page.keyboard.type("2016")
    keyboard.reach(page.get_by_role("button", name="Show these events"))
    keyboard.press("Enter")
    page.wait_for_url("**year=2016**")
    expect(page.locator("article.event")).to_have_count(1)


def test_choosing_a_suggestion(page, site, keyboard):
    page.goto(f"{site}/search/")
    keyboard.reach(page.get_by_role("combobox"))
    # Type at once: a response for part of the word would remove the mark.
    page.keyboard.insert_text("pilot")
    option = page.get_by_role("option", name="The pilot launches")
    option.wait_for()
    keyboard.press("ArrowDown")
    marked = page.locator("[role=option][aria-selected=true]")
    keyboard.look(marked.element_handle())
    keyboard.press("Enter")
    page.get_by_role("heading", name="The pilot launches", level=1).wait_for()


def test_searching_without_suggestions(page, site, keyboard):
    page.route("**/suggest/**", lambda route: route.abort())
    page.goto(f"{site}/search/")
    keyboard.reach(page.get_by_role("combobox"))
    page.keyboard.type("pilot")
    keyboard.press("Enter")
    page.wait_for_url("**/search/?q=pilot")
    keyboard.reach(page.locator("li[data-result]").get_by_role("link", name="The pilot launches"))
    keyboard.press("Enter")
    page.get_by_role("heading", name="The pilot launches", level=1).wait_for()


def test_downloading_the_events(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    keyboard.reach(page.get_by_role("link", name=re.compile("CSV")))
    with page.expect_download() as download:
        keyboard.press("Enter")
    assert b"The pilot launches" in download.value.path().read_bytes()


def test_sending_a_message_after_an_error(page, site, keyboard, monkeypatch):
    monkeypatch.setattr(contact, "SHORTEST_WRITING", 0)
    page.goto(f"{site}/timeline/")
    keyboard.reach(page.get_by_role("link", name="Something wrong on this page?"))
    keyboard.press("Enter")
    page.wait_for_url("**/contact/about/*/")
    send = page.get_by_role("button", name="Send the message")
    keyboard.reach(send)
    keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    keyboard.reach(page.get_by_role("alert").get_by_role("link"))
    keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    error = page.locator(f"[id='{field.get_attribute('aria-describedby').split()[-1]}']")
    expect(error).to_contain_text("required")
    page.keyboard.type("What is LEAD?")
    keyboard.reach(send)
    keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    sent = ContactMessage.objects.get().form_data
    assert sent["your_message"] == "What is LEAD?"
    assert sent[contact.MessageForm.ABOUT].endswith(f", {site}/timeline/")


def test_exiting_by_the_first_links_or_by_pressing_shift_three_times(page, site, keyboard):
    settings = SiteSettings.load()
    settings.exit_url = f"{site}/robots.txt"
    settings.save()
    for name in ("Exit this page quickly", "Emergency Exit this page"):
        page.goto(f"{site}/timeline/")
        keyboard.reach(page.get_by_role("link", name=name, exact=True))
        keyboard.press("Enter")
        page.wait_for_url("**/robots.txt")
    page.goto(f"{site}/timeline/")
    keyboard.press("Shift", "Shift", "Shift")
    page.wait_for_url("**/robots.txt")
