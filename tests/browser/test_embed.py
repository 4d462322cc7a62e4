"""The timeline on a partner's page, with another origin and a strict Content Security Policy."""

import pytest
from playwright.sync_api import expect

from tests.support import factories
from tests.support.waiting import wait_until
from timeline.models import EmbedSettings

pytestmark = pytest.mark.browser

# The partner reserves space, in case the page is painted before the script runs.
TEXT = """
    <style>.place {{ min-height: 100vh }}</style>
    <h1>Our page</h1><p>Before</p><div class=place>{}</div><p id=after>After</p>
"""
# Add up layout shifts without user input.
WATCH_SHIFTS = """
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def script_line(site, attributes=""):
    return f'<script src="{site}/embed.js" data-timeline="{site}/timeline/" {attributes} async></script>'


def policy_for_script(site):
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src {site}; frame-src {site}"


@pytest.fixture
def long_timeline(site):
    for number in range(12):
        date = f"2018-{number + 1:02}"
        factories.make_event(title=f"Meeting {number}", slug=f"meeting-{number}", date=date)
    return site


def inside(page, number=0):
    """Return the content of a frame."""
    return page.frame_locator("iframe").nth(number)


# The pages' own policy forbids Playwright's `wait_for_function` in them, so `wait_until` asks these.
def height_of(page):
    return page.locator("iframe").first.evaluate("frame => frame.clientHeight")


def open_and_be_refused(page, address):
    """Open a page, and wait until the browser shows an error in a frame of it."""
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
        page.goto(address)


def fits(page, frame):
    """Return whether a frame is as high as its content."""
    handle = frame.element_handle()
    height = handle.content_frame().evaluate("document.documentElement.getBoundingClientRect().height")
    return abs(handle.evaluate("frame => frame.clientHeight") - height) <= 1


@pytest.mark.parametrize("width", [360, 1280])
def test_one_line_of_script_shows_all_events_in_a_frame_of_the_right_height(
    page, partner, long_timeline, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(WATCH_SHIFTS)
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    address = partner.serve(TEXT.format(script_line(long_timeline)), policy_for_script(long_timeline))
    page.goto(address)
    inside(page).get_by_role("link", name="Meeting 11").wait_for()
    expect(inside(page).locator("article.event")).to_have_count(14)
    wait_until(lambda: height_of(page) > 800)
    wait_until(lambda: fits(page, page.locator("iframe")))
    assert page.evaluate("window.shift") == 0
    assert [text for text in refused if "favicon" not in text] == []


def test_a_frame_adapts_to_the_width_of_the_window(page, partner, long_timeline):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(partner.serve(TEXT.format(script_line(long_timeline)), policy_for_script(long_timeline)))
    wait_until(lambda: height_of(page) > 800 and fits(page, page.locator("iframe")))
    wide = height_of(page)
    page.set_viewport_size({"width": 360, "height": 800})
    wait_until(lambda: height_of(page) != wide)
    wait_until(lambda: fits(page, page.locator("iframe")))


def test_a_page_can_show_several_timelines_and_hide_or_remove_some(page, partner, long_timeline):
    lines = (
        script_line(long_timeline, 'data-year="2016"')
        + f"<div id=tab hidden>{script_line(long_timeline, 'data-limit=3 data-layout=compact')}</div>"
        + script_line(long_timeline, 'data-order="newest" data-theme="dark"')
    )
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(partner.serve(TEXT.format(lines), policy_for_script(long_timeline)))
    inside(page, 0).get_by_role("link", name="Protest at City Hall").wait_for()
    expect(page.locator("iframe")).to_have_count(3)
    page.locator("iframe").nth(0).evaluate("frame => frame.remove()")
    page.locator("#tab").evaluate("tab => { tab.hidden = false }")
    expect(inside(page, 0).locator("article.event")).to_have_count(3)
    wait_until(lambda: fits(page, page.locator("iframe").nth(0)))
    assert errors == []


def test_a_plain_frame_opens_at_an_event_without_scripts(page_without_javascript, partner, long_timeline):
    page = page_without_javascript
    frame = f'<iframe src="{long_timeline}/timeline/embed/?event=meeting-9" title="T" height=500></iframe>'
    page.goto(partner.serve(TEXT.format(frame), f"default-src 'none'; frame-src {long_timeline}"))
    event = inside(page).locator("#event-meeting-9")
    event.wait_for()

    def begins_within_the_frame():
        place, box = event.bounding_box(), page.locator("iframe").bounding_box()
        return box["y"] <= place["y"] < box["y"] + box["height"]

    wait_until(begins_within_the_frame)


def test_a_site_that_is_not_listed_cannot_frame_the_timeline(page, partner, long_timeline):
    EmbedSettings.objects.create(framing="listed", origins="https://partner.example")
    address = partner.serve(TEXT.format(script_line(long_timeline)), policy_for_script(long_timeline))
    open_and_be_refused(page, address)
    EmbedSettings.objects.update(origins=partner.origin)
    page.goto(address)
    inside(page).locator("article.event").first.wait_for()


@pytest.mark.parametrize("path", ["/", "/timeline/", "/contact/", "/search/", "/admin/login/"])
def test_no_other_page_can_be_framed(page, partner, site, path):
    frame = f'<iframe src="{site}{path}" title=T></iframe>'
    open_and_be_refused(page, partner.serve(frame, f"default-src 'none'; frame-src {site}"))


def test_frame_and_page_only_accept_messages_from_each_other(page, partner, long_timeline):
    page.goto(
        partner.serve(
            TEXT.format(script_line(long_timeline)), policy_for_script(long_timeline) + " 'unsafe-inline'"
        )
    )
    wait_until(lambda: height_of(page) > 800 and fits(page, page.locator("iframe")))
    before = height_of(page)
    page.evaluate(
        "() => { window.last = new Promise(done =>"
        " addEventListener('message', ({ data }) => data === 'last' && done())) }"
    )
    page.evaluate("postMessage(12, '*')")
    page.frames[1].evaluate("parent.postMessage('12px; color: red', '*')")
    page.frames[1].evaluate("parent.postMessage({ height: 12 }, '*')")
    page.frames[1].evaluate("parent.postMessage('last', '*')")
    page.evaluate("window.last")
    assert height_of(page) == before


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violations_on_a_partners_page(browser, partner, long_timeline, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.goto(
        partner.serve(
            f"<main>{TEXT.format(script_line(long_timeline, 'data-accent=ffee00'))}</main>",
            policy_for_script(long_timeline),
        )
    )
    inside(page).get_by_role("link", name="Meeting 11").wait_for()
    found = Axe().run(page)
    inner = Axe().run(page.frames[1], options={"rules": {"page-has-heading-one": {"enabled": False}}})
    assert [each["id"] for each in found.response["violations"] + inner.response["violations"]] == []
