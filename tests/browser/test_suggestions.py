"""A contributor suggests a change of a page, and a moderator accepts it, with the keyboard."""

import pytest
from playwright.sync_api import expect

from home.models import Suggestion
from tests.support.admin_pages import check_at_both_widths
from timeline.models import EventPage

pytestmark = pytest.mark.browser


def check(page):
    """On a desktop and on a phone, axe finds nothing and nothing overflows, not even icons to the left."""
    check_at_both_widths(page)
    page.set_viewport_size({"width": 360, "height": 800})
    icons = page.locator("main .icon:visible")
    assert icons.evaluate_all("all => all.every(each => each.getBoundingClientRect().left >= 0)")
    page.set_viewport_size({"width": 1280, "height": 800})


def tab_to(page, target):
    """Press Tab until a control has the focus."""
    for _press in range(200):
        page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}.")


def wait_until_kept(page, words):
    """Ask once a second whether the site has kept words, so that the question doesn't get in the way."""
    for _second in range(60):
        if words in str(Suggestion.objects.values_list("content", flat=True)):
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.locator("#w-autosave-indicator").inner_text())


def test_a_contributor_suggests_a_change_and_a_moderator_accepts_it(browser, admin, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    # What she leaves alone counts as unchanged, whatever blocks it has.
    event = max(EventPage.objects.live(), key=lambda event: len(event.body))
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(page, "Contributors")
    page.goto(f"{admin.url}{event.url}")
    page.get_by_role("button", name="View quick actions").press("Enter")
    in_the_bar = page.get_by_role("menuitem", name="Suggest a change").get_attribute("href")
    # In the list of pages, the title leads to the same form.
    page.goto(f"{admin.url}/admin/pages/{event.get_parent().pk}/")
    title = page.get_by_role("link", name=event.title, exact=True)
    assert in_the_bar.endswith(title.get_attribute("href"))
    title.press("Enter")
    summary = page.locator("[name=summary]")
    reason = page.get_by_label("What is wrong, and how do you know?")
    page.wait_for_url("**/suggest/")
    form = page.url
    check(page)
    reason.focus()
    page.keyboard.type("The minutes say twelve.")
    tab_to(page, summary)
    page.keyboard.press("Control+End")
    page.keyboard.type(" Twelve people came.")
    wait_until_kept(page, "Twelve people came.")
    # The event is not a duplicate of itself.
    expect(page.locator(".lw-warning")).to_be_hidden()
    # Nothing is lost with the tab.
    expect(page.locator("#w-autosave-indicator").get_by_text("Saved", exact=True)).to_be_visible()
    page.goto(f"{admin.url}/admin/")
    page.goto(form)
    expect(summary).to_have_value(f"{event.summary} Twelve people came.")
    check(page)
    tab_to(page, page.get_by_role("button", name="Send the suggestion"))
    page.keyboard.press("Enter")
    page.get_by_text("Thank you. The moderators have your suggestion.").wait_for()
    expect(page.get_by_text("Twelve people came.").last).to_be_visible()
    suggestion = page.url

    page.context.clear_cookies()
    admin.sign_in(page, "Moderators")
    page.get_by_role("link", name="1 suggested change waits for your answer.").press("Enter")
    page.wait_for_url("**/reports/suggestions/")
    check(page)
    page.get_by_role("link", name=event.title).press("Enter")
    page.wait_for_url(suggestion)
    check(page)
    expect(page.get_by_role("checkbox", name="Summary")).to_be_checked()
    expect(page.get_by_role("checkbox")).to_have_count(1)
    tab_to(page, page.get_by_role("button", name="Accept the checked fields"))
    page.keyboard.press("Enter")
    page.get_by_text("The suggestion is in this draft now.").wait_for()
    expect(page.locator("[name=summary]")).to_have_value(f"{event.summary} Twelve people came.")
