"""A partner chooses options, and copies and pastes the code."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def frame_titles(page):
    return page.frame_locator("iframe").locator(".event-title")


def test_the_preview_and_the_code_follow_the_options_without_a_reload(browser, site, partner):
    page = browser.new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/timeline/share/")
    page.frame_locator("iframe").get_by_text("The pilot launches").wait_for()
    page.evaluate("window.same = true")
    page.get_by_label("Year or years").fill("2016")
    page.locator("textarea", has_text='data-year="2016"').wait_for()
    expect(frame_titles(page)).to_have_text(["Protest at City Hall"])
    assert page.evaluate("window.same")
    expect(page).to_have_url(
        f"{site}/timeline/share/?year=2016&order=oldest&layout=list&theme=auto&heading=2&lang=en"
    )
    page.get_by_role("button", name="One line of script").click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    line = page.evaluate("navigator.clipboard.readText()")
    policy = f"default-src 'none'; script-src {site}; frame-src {site}"
    page.goto(partner.serve(f"<h1>Our page</h1>{line}", policy))
    page.frame_locator("iframe").get_by_text("Protest at City Hall").wait_for()


def test_without_javascript_the_form_is_submitted(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site}/timeline/share/")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.get_by_label("Year or years").fill("2016")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_label("One line of script")).to_have_value(re.compile('data-year="2016"'))
    expect(frame_titles(page)).to_have_text(["Protest at City Hall"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_accessible(browser, site, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{site}/timeline/share/?year=never")
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
