"""Complete journeys of editors and visitors."""

import pytest
from playwright.sync_api import expect

from home.forms.contact import SHORTEST_WRITING
from home.models import ContactMessage
from tests.support import factories
from tests.support.admin_pages import sign_in
from timeline.models import EventPage

pytestmark = pytest.mark.browser


def test_an_editor_adds_an_event_and_a_visitor_reads_it(page, browser, site, django_user_model):
    sign_in(page, site, django_user_model)
    timeline = factories.make_timeline()
    page.goto(f"{site}/admin/pages/add/timeline/eventpage/{timeline.pk}/")
    page.locator("[name=title]").fill("City holds a meeting")
    page.locator("[name=date]").fill("October 23, 2018")
    page.locator("[name=category]").select_option(label="Policy")
    page.locator("[name=summary]").fill("People asked what the program had done.")
    page.locator("#id_sources-ADD").click()
    page.locator("[name=sources-0-title]").fill("City and citizens discuss LEAD")

    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("#w-preview-iframe")
    preview.get_by_text("People asked what the program had done.").first.wait_for()
    previewed = preview.locator("main").inner_text().split()

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    # An autosave may have created it before.
    page.locator(".messages .success", has_text="published").first.wait_for()

    visitor = browser.new_page()
    visitor.goto(f"{site}/timeline/")
    event = visitor.locator("article.event", has_text="City holds a meeting")
    expect(event.locator("time")).to_have_attribute("datetime", "2018-10-23")
    expect(event.get_by_text("City and citizens discuss LEAD")).to_be_visible()
    event.get_by_role("link", name="City holds a meeting").click()
    visitor.wait_for_url("**/timeline/city-holds-a-meeting/")
    assert visitor.locator("main").inner_text().split() == previewed
    assert not visitor.context.cookies()


def test_visitors_can_read_filter_download_and_write_to_us_without_javascript(page_without_javascript, site):
    page = page_without_javascript
    page.goto(site)
    page.get_by_role("link", name="Timeline", exact=True).first.click()
    page.wait_for_url("**/timeline/")
    expect(page.locator("article.event")).to_have_count(2)

    page.goto(f"{site}/timeline/")
    filters = page.locator("form", has=page.locator("[name=year]"))
    if page.locator("details:has([name=year]):not([open])").count():
        page.locator("details:has([name=year]) > summary").click()
    filters.locator("[name=year]").fill("2016")
    filters.locator("button[type=submit], input[type=submit]").first.click()
    expect(page.locator("article.event")).to_have_count(1)
    expect(page.get_by_text("Protest at City Hall").first).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    # Only what was filtered.
    assert download.value.path().read_bytes().count(b"Protest at City Hall") == 1

    page.goto(f"{site}/contact/")
    page.locator("[name=your_message]").fill("What is LEAD?")
    page.wait_for_timeout(1000 * (SHORTEST_WRITING + 1))
    page.locator("main form button").first.click()
    expect(page.get_by_text("Thank you for writing.")).to_be_visible()
    assert ContactMessage.objects.get().form_data["your_message"] == "What is LEAD?"
    assert not page.context.cookies()


def test_visitors_can_exit_by_the_button_and_by_pressing_shift_three_times(page, site):
    from home.models import SiteSettings

    settings = SiteSettings.load()
    settings.exit_url = f"{site}/robots.txt"
    settings.save()
    page.goto(f"{site}/timeline/")
    page.locator("[data-exit] a").first.click()
    page.wait_for_url("**/robots.txt")
    page.goto(f"{site}/timeline/")
    for _time in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/robots.txt")


def test_no_public_page_contacts_another_origin_or_violates_its_policy(page, site):
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/", "/timeline/", "/contact/", "/search/?q=protest", EventPage.objects.first().url):
        page.goto(path if path.startswith("http") else site + path)
    assert all(address.startswith(site) for address in asked)
    assert not complaints
    assert not page.context.cookies()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
