"""A timeline in several windows: links to events in other windows, the frame of a partner, accessibility."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import factories
from tests.support.waiting import wait_until
from timeline import windows

pytestmark = pytest.mark.browser


@pytest.fixture
def address(site, monkeypatch):
    """Return the URL of a timeline with windows for 2011 and 2012, 2013 and 2014, 2015 and 2016, and 2017."""
    monkeypatch.setattr(windows, "WHOLE", 4)
    monkeypatch.setattr(windows, "MOST", 2)
    for year in range(2011, 2015):
        factories.make_event(title=f"Meeting of {year}", slug=f"meeting-{year}", date=f"{year}")
    factories.make_event(title="Reunión", slug="reunión", date="2015")
    return f"{site}/timeline/"


@pytest.mark.parametrize("path", ["", "embed/", "?layout=axis&order=newest"])
@pytest.mark.parametrize(("slug", "title"), [("meeting-2013", "Meeting of 2013"), ("reunión", "Reunión")])
def test_a_link_to_an_event_in_another_window_arrives(page, address, path, slug, title):
    page.goto(f"{address}{path}#event-{slug}")
    event = page.locator("article:target")
    expect(event).to_contain_text(title)
    expect(event).to_be_in_viewport()


def test_a_link_arrives_on_a_page_that_is_open_already(page, address):
    page.goto(f"{address}?page=4")
    page.evaluate("location.hash = 'event-meeting-2011'")
    expect(page.locator("article:target")).to_contain_text("Meeting of 2011")
    # There is no such event.
    page.evaluate("location.hash = 'event-meeting-1999'")
    expect(page.get_by_role("status").filter(has_text="unknown")).to_contain_text("event")


def test_without_scripts_links_lead_to_all_windows_and_paper_says_where_they_are(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    for years in ("2013 to 2014", "2015 to 2016", "2017"):
        page.get_by_role("link", name=f"Next: {years}").first.click()
        expect(page.get_by_text(f"Shown here: {years}, events")).to_be_visible()
    expect(page.get_by_role("link", name="Next:")).to_have_count(0)
    page.get_by_role("navigation", name="Events by year").get_by_role("link", name="2012").click()
    expect(page.locator(":target")).to_contain_text("Meeting of 2012")
    page.emulate_media(media="print")
    expect(page.get_by_text("All 7 events are at")).to_contain_text(address)
    expect(page.get_by_role("link", name="Next: 2013 to 2014").first).to_be_hidden()


def test_the_frame_of_a_partner_shows_the_beginning_of_the_next_window(page, partner, address):
    site = address.removesuffix("/timeline/")
    line = f'<script src="{site}/embed.js" data-timeline="{address}" async></script>'
    policy = f"default-src 'none'; script-src {site}; frame-src {site}; style-src 'unsafe-inline'"
    page.set_viewport_size({"width": 500, "height": 400})
    page.goto(partner.serve(f"<p>Before</p>{line}<p>After</p>", policy))
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Next: 2013 to 2014").last.click()
    frame.get_by_text("Shown here: 2013 to 2014").wait_for()
    top = "frame => frame.getBoundingClientRect().top"
    wait_until(lambda: -5 < page.locator("iframe").evaluate(top) < 50)


@pytest.mark.parametrize("path", ["?page=2", "embed/?page=2&layout=axis"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_window_is_accessible(browser, address, path, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{address}{path}")
    expect(page.get_by_text("Shown here: 2013 to 2014")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    without = {"rules": {"page-has-heading-one": {"enabled": False}}} if "embed" in path else None
    results = Axe().run(page, options=without)
    assert results.violations_count == 0, results.generate_report()
