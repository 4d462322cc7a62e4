"""The time axis with a keyboard and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def picture(site):
    factories.make_era(headline="The pilot", start="November 2017", end="July 2018")
    for year in range(2011, 2021):
        factories.make_event(title=f"Meeting of {year}", slug=f"meeting-{year}", date=f"{year}-03")
    return f"{site}/timeline/embed/?layout=axis"


def test_a_keyboard_reaches_each_event_in_time_order_without_scripts(browser, picture):
    page = browser.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 700})
    page.goto(picture)
    focused = []
    for _press in range(22):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.getAttribute('href')"))
    events = [href for href in focused if href and href.startswith("#event-")]
    years = [int(href[-4:]) for href in events if href.startswith("#event-meeting-")]
    assert len(events) == 12
    assert years == list(range(2011, 2021))
    page.locator('a[href="#event-meeting-2019"]').focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#event-meeting-2019$"))
    event = page.locator("#event-meeting-2019")
    expect(event).to_be_in_viewport()
    assert 0 <= event.bounding_box()["y"] < 700
    page.get_by_role("link", name="Months").click()
    expect(page).to_have_url(re.compile("zoom=month"))
    expect(page.locator("article.event")).to_have_count(12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_axis_is_accessible(browser, picture, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(picture)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page, options={"rules": {"page-has-heading-one": {"enabled": False}}})
    assert results.violations_count == 0, results.generate_report()
