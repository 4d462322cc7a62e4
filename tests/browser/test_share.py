"""A partner puts a line together, copies it, and pastes it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def frame_titles(page):
    return page.frame_locator("iframe").locator(".event-title").all_text_contents()


def test_what_is_chosen_is_seen_and_copied_without_a_reload(browser, site, partner):
    page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{site}/timeline/share/")
    page.frame_locator("iframe").get_by_text("The pilot launches").wait_for()
    page.evaluate("window.same = true")
    page.get_by_label("Year or years").fill("2016")
    page.locator("textarea", has_text='data-year="2016"').wait_for()
    page.frame_locator("iframe").get_by_text("Protest at City Hall").wait_for()
    assert frame_titles(page) == ["Protest at City Hall"]
    assert page.evaluate("window.same")
    assert page.url.endswith("?year=2016&order=oldest&layout=list&theme=auto&heading=2&lang=en")
    page.get_by_role("button", name="One line of script").click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    line = page.evaluate("navigator.clipboard.readText()")
    policy = f"default-src 'none'; script-src {site}; frame-src {site}"
    page.goto(partner.serve(f"<h1>Our page</h1>{line}", policy))
    page.frame_locator("iframe").get_by_text("Protest at City Hall").wait_for()
    page.context.close()


def test_without_javascript_the_form_is_sent(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/timeline/share/")
    assert page.get_by_role("button", name="Copy").count() == 0
    page.get_by_label("Year or years").fill("2016")
    page.get_by_role("button", name="Show it").click()
    assert 'data-year="2016"' in page.get_by_label("One line of script").input_value()
    assert frame_titles(page) == ["Protest at City Hall"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_is_shut_out(browser, site, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site}/timeline/share/?year=never")
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()
