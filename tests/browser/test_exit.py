"""
"Exit this page" in a browser: all that the tests of GOV.UK's component check, and more.

tests/test_exit.py checks that each page has the button.
"""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from home.models import SiteSettings

pytestmark = pytest.mark.browser

BUTTON, SKIP_LINK = "Emergency Exit this page", "Exit this page quickly"
TWO_MORE, ONE_MORE = "Shift, press 2 more times to exit.", "Shift, press 1 more time to exit."
EXPIRED = "Exit this page expired."
HOUR = 3_600_000  # Milliseconds.
AXE = """async where => (await axe.run(document.querySelector(where))).violations
  .map(({ id, nodes }) => [id, nodes.map(node => node.html)])"""


def violations(page, where="body"):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE, where)


@pytest.fixture
def start(site):
    """Return the URL of a page whose button leads to /robots.txt."""
    settings = SiteSettings.load()
    settings.exit_url = f"{site}/robots.txt"
    settings.save()
    return f"{site}/timeline/"


@pytest.fixture
def stuck(page, start):
    """Open a page that stays, because the other site does not answer with a page."""
    page.route("**/robots.txt", lambda route: route.fulfill(status=204))
    page.clock.install(time=0)
    page.goto(start)
    page.clock.pause_at(HOUR)
    return page


def link(page, name):
    return page.get_by_role("link", name=name, exact=True)


def status(page):
    return page.locator("[data-exit] [role=status]")


def lit(page):
    return page.locator(".exit-dots:visible i[data-on]")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def changed(page, old, new):
    """Serve the next page with a part of its HTML replaced."""

    def answer(route):
        response = route.fetch()
        html = response.text()
        assert re.search(old, html)
        route.fulfill(response=response, body=re.sub(old, new, html, count=1))

    page.route("**/timeline/", answer)


@pytest.mark.parametrize("name", [BUTTON, SKIP_LINK])
def test_without_javascript_the_links_lead_away_and_say_nothing(page_without_javascript, start, name):
    page = page_without_javascript
    page.goto(start)
    away = link(page, name)
    assert away.get_attribute("rel") == "nofollow noreferrer"
    address = away.get_attribute("href")
    away.focus()
    with page.expect_request(address) as request:
        page.keyboard.press("Enter")
    page.wait_for_url(address)
    assert "referer" not in request.value.headers


@pytest.mark.parametrize("name", [BUTTON, SKIP_LINK])
@pytest.mark.parametrize("path", ["/timeline/", "/contact/"])
def test_the_links_lead_away_and_say_nothing(page, start, site, name, path):
    page.goto(site + path)
    away = link(page, name)
    address = away.get_attribute("href")
    away.focus()
    with page.expect_request(address) as request:
        away.click()
    page.wait_for_url(address)
    # The contact form needs its own origin, but tells it to no other site.
    assert request.value.headers.get("referer", site).startswith(site)


@pytest.mark.parametrize("name", [BUTTON, SKIP_LINK])
def test_a_click_hides_the_page_at_once(stuck, name):
    away = link(stuck, name)
    away.focus()
    away.click()
    overlay = stuck.get_by_role("alert")
    expect(overlay).to_have_text("Loading.")
    assert stuck.evaluate("[...document.body.children].filter(each => each.checkVisibility()).length") == 1
    assert overlay.bounding_box() == {"x": 0, "y": 0} | stuck.viewport_size
    assert overlay.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
    stuck.keyboard.press("Tab")
    assert stuck.evaluate("document.activeElement === document.body")


def test_shift_three_times_leads_away(page, start):
    page.goto(start)
    press(page, "Shift", "Shift", "Shift")
    page.wait_for_url("**/robots.txt")


def test_each_press_is_announced_and_shown(stuck):
    expect(status(stuck)).to_be_empty()
    expect(lit(stuck)).to_have_count(0)
    press(stuck, "Shift")
    expect(status(stuck)).to_have_text(TWO_MORE)
    expect(lit(stuck)).to_have_count(1)
    press(stuck, "Shift")
    expect(status(stuck)).to_have_text(ONE_MORE)
    expect(lit(stuck)).to_have_count(2)
    press(stuck, "Shift")
    expect(stuck.get_by_role("alert")).to_have_text("Loading.")


def test_the_presses_expire_five_seconds_after_the_last_one(stuck):
    press(stuck, "Shift")
    stuck.clock.run_for(4_900)
    press(stuck, "Shift")
    stuck.clock.run_for(4_900)
    expect(status(stuck)).to_have_text(ONE_MORE)
    stuck.clock.run_for(200)
    expect(status(stuck)).to_have_text(EXPIRED)
    expect(lit(stuck)).to_have_count(0)
    # Later readers of the page must not hear it.
    stuck.clock.run_for(5_000)
    expect(status(stuck)).to_be_empty()
    press(stuck, "Shift", "Shift")
    expect(status(stuck)).to_have_text(ONE_MORE)
    expect(stuck.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("key", ["a", "Enter", "Tab", "Control"])
def test_another_key_starts_over(stuck, key):
    press(stuck, "Shift", "Shift", key)
    expect(status(stuck)).to_be_empty()
    expect(lit(stuck)).to_have_count(0)
    press(stuck, "Shift", "Shift")
    expect(status(stuck)).to_have_text(ONE_MORE)


def test_capital_letters_do_not_count(stuck):
    press(stuck, "Shift+A", "Shift+B", "Shift+C", "Shift+Tab")
    expect(status(stuck)).to_be_empty()
    expect(stuck.get_by_role("alert")).to_have_count(0)
    press(stuck, "Shift")
    expect(status(stuck)).to_have_text(TWO_MORE)


def test_it_works_while_typing_and_whatever_other_scripts_do(stuck):
    stuck.evaluate("document.body.addEventListener('keyup', event => event.stopImmediatePropagation())")
    stuck.get_by_role("combobox").first.focus()
    press(stuck, "Shift", "Shift", "Shift")
    expect(stuck.get_by_role("alert")).to_have_text("Loading.")


def test_a_page_that_the_back_button_restores_is_as_before(stuck):
    press(stuck, "Shift", "Shift", "Shift")
    expect(stuck.get_by_role("alert")).to_be_visible()
    stuck.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(stuck.get_by_role("alert")).to_have_count(0)
    expect(stuck.get_by_role("main")).to_be_visible()
    expect(status(stuck)).to_be_empty()
    expect(lit(stuck)).to_have_count(0)
    press(stuck, "Shift", "Shift")
    expect(stuck.get_by_role("alert")).to_have_count(0)


def test_after_going_back_the_page_can_be_read_and_exited_again(page, start):
    for _time in range(2):
        page.goto(start)
        press(page, "Shift", "Shift", "Shift")
        page.wait_for_url("**/robots.txt")
        page.go_back()
        expect(page.get_by_role("main")).to_be_visible()


def test_without_its_script_the_button_is_a_link(page, start):
    page.route("**/exit_page*.js", lambda route: route.abort())
    page.goto(start)
    link(page, BUTTON).click()
    page.wait_for_url("**/robots.txt")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (r"\bdata-exit\s", " ", "no element has data-exit"),
        (r'<div\s+class="exit"\s+data-exit\s', "<svg data-exit></svg><div ", "no element has data-exit"),
        (r'<a class="exit-button" href="\S+"', "<a", "contains no link"),
        (r'data-loading="[^"]+"', "", 'the text "loading" is missing'),
        (r'data-two-more="[^"]+"', "", 'the text "twoMore" is missing'),
        (r'data-one-more="[^"]+"', "", 'the text "oneMore" is missing'),
        (r'data-expired="[^"]+"', "", 'the text "expired" is missing'),
    ],
)
def test_what_is_missing_is_reported(page, start, old, new, message):
    errors = []
    page.on("pageerror", lambda error: errors.append(error.message))
    changed(page, old, new)
    page.goto(start)
    assert len(errors) == 1
    assert errors[0].startswith("Exit this page: ")
    assert message in errors[0]
    # The other link still works.
    link(page, SKIP_LINK).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/robots.txt")


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/", "/_util/login/", "/nothing/"])
def test_it_works_on_pages_before_the_login_and_for_errors(page, start, site, path):
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(site + path)
    button = link(page, BUTTON)
    expect(button).to_be_in_viewport()
    assert button.bounding_box()["height"] >= 24
    press(page, "Shift")
    expect(status(page)).to_have_text(TWO_MORE)
    expect(lit(page)).to_have_count(1)
    # The rest of Wagtail's pages is not ours.
    assert violations(page, "header" if path.startswith("/admin/") else "body") == []
    page.route("**/robots.txt", lambda route: route.fulfill(status=204))
    button.click()
    expect(page.get_by_role("alert")).to_have_text("Loading.")
    assert page.evaluate("[...document.body.children].filter(each => each.checkVisibility()).length") == 1
    page.unroute("**/robots.txt")
    page.reload()
    link(page, BUTTON).click()
    page.wait_for_url("**/robots.txt")
    assert [error for error in errors if "404" not in error] == []


def test_the_announcements_are_in_spanish_on_spanish_pages(page, start, site):
    page.goto(f"{site}/es/search/")
    press(page, "Shift")
    expect(status(page)).to_have_text("Mayúsculas: pulse 2 veces más para salir.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violations_in_any_state(stuck, scheme):
    stuck.emulate_media(color_scheme=scheme)
    # axe waits for timers.
    stuck.clock.resume()
    link(stuck, SKIP_LINK).focus()
    assert violations(stuck) == []
    press(stuck, "Shift")
    assert violations(stuck) == []
    press(stuck, "Shift", "Shift")
    expect(stuck.get_by_role("alert")).to_be_visible()
    assert violations(stuck) == []


def test_no_one_prints_the_button(stuck):
    stuck.emulate_media(media="print")
    expect(stuck.locator("[data-exit]")).to_be_hidden()
