"""Hints and suggestions in the editors' forms while typing."""

import re

import pytest
from playwright.sync_api import expect

from home.models import StandardPage
from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, sign_in
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.browser

SITE = "https://www.newhavenindependent.org/article/"


def test_the_form_reads_dates_suggests_sources_and_events_and_links_to_errors(page, site, django_user_model):
    article = EventSource(
        title="LEAD gains footing",
        publisher="New Haven Independent",
        url=f"{SITE}footing",
        published="2018-07",
    )
    factories.make_event(title="A meeting", date="2018-07-05", sources=[article])
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/add/timeline/eventpage/{EventPage.objects.first().get_parent().pk}/")

    page.locator("[name=title]").fill("Protest at the City Hall")
    date = page.locator("[name=date]")
    reading = page.locator("#id_date-reading")
    for written, read in {
        "Dec 2017": "December 2017",
        "3/4/18": "March 4, 2018. Numbers are read month first",
        "about 2016": "about 2016",
        "2016": "2016",
    }.items():
        date.fill(written)
        reading.get_by_text(f"Visitors will see: {read}.").wait_for()
    warning = page.locator(".lw-warning")
    warning.get_by_role("link", name="Protest at City Hall").wait_for()

    date.fill("Dec 2961")
    reading.get_by_text("December 2961. This is still to come. Is that right?").wait_for()
    date.fill("soon")
    reading.get_by_text("Write a date such as").wait_for()
    expect(warning).to_be_hidden()

    page.locator("#id_sources-ADD").press("Enter")
    expect(page.locator("[name=sources-0-title]")).to_be_focused()
    publisher = page.get_by_role("combobox", name="Publisher")
    # Even if the field is right above the bar at the foot of the form, the bar hides no suggestion.
    publisher.evaluate("field => scrollBy(0, field.getBoundingClientRect().bottom - innerHeight + 80)")
    publisher.press_sequentially("haven ind")
    page.get_by_role("option", name="New Haven Independent").first.wait_for()
    lowest = page.get_by_role("listbox").locator("visible=true").bounding_box()
    assert lowest["y"] + lowest["height"] <= page.locator("footer").bounding_box()["y"]
    publisher.press("ArrowDown")
    check_at_both_widths(page, "#inline_child_sources-0")
    publisher.press("Enter")
    address = page.locator("[name=sources-0-url]")
    expect(address).to_have_attribute("placeholder", re.compile("."))
    address.focus()
    expect(address).to_have_value(SITE)
    publisher.focus()
    expect(address).to_have_value("")
    publisher.press("ArrowDown")
    page.get_by_role("option", name="LEAD gains footing").wait_for()
    publisher.press("ArrowDown")
    publisher.press("Enter")
    expect(page.locator("[name=sources-0-title]")).to_have_value("LEAD gains footing")
    expect(page.locator("[name=sources-0-published]")).to_have_value("July 2018")
    page.locator("#id_sources-ADD").click()
    page.locator("[name=sources-1-url]").fill(f"{SITE}footing")
    page.locator("[name=sources-1-url]").blur()
    page.get_by_text("Source 1 has this address, too.").wait_for()

    page.get_by_role("tab", name="Review and corrections").click()
    page.locator("#id_corrections-ADD").click()
    expect(page.locator("[name=corrections-0-kind]")).to_be_focused()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    errors = page.locator(".lw-errors")
    errors.get_by_role("link", name="When, Date").wait_for()
    expect(date).to_have_value("soon")
    check_at_both_widths(page, ".messages", "main")
    errors.get_by_role("link", name="What changed").click()
    expect(page.locator("[name=corrections-0-text]")).to_be_focused()


def test_blocks_can_be_copied_to_another_page(page, site, django_user_model):
    image = factories.make_image()
    body = [
        {
            "type": "quote",
            "value": {"text": "Nobody asked us", "source_title": "A hearing", "source_url": ""},
        },
        {"type": "text", "value": "<p>It was <b>not</b> so.</p>"},
        {"type": "image", "value": {"image": {"image": image.pk, "alt_text": "A hall"}, "caption": "Full"}},
    ]
    told = factories.make_standard_page(title="Told", body=body)
    empty = factories.make_standard_page(title="Empty", live=False)
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{told.pk}/edit/")
    copies = page.get_by_role("button", name="Copy this block, to paste it on any page")
    # The latest copy comes first.
    for place in (2, 1, 0):
        copies.nth(place).click()
    page.goto(f"{site}/admin/pages/{empty.pk}/edit/")
    shelf = page.get_by_role("group", name="Copied blocks")
    for place in range(3):
        shelf.get_by_role("button", name="Paste").nth(place).click()
        page.get_by_role("button", name="Copy this block, to paste it on any page").nth(place).wait_for()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("has been published").first.wait_for()

    pasted = StandardPage.objects.get(pk=empty.pk).body
    assert str(pasted) == str(StandardPage.objects.get(pk=told.pk).body)
    assert len({block.id for block in pasted}) == 3

    page.context.clear_cookies()
    page.goto(f"{site}/admin/login/")
    assert page.evaluate("localStorage.getItem('copied-blocks')") is None
