"""A translator's afternoon: an Editor translates an event, and brings it up to date after a change."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from wagtail.models import Locale

from home.translating.beginning import begin
from timeline.models import EventPage

pytestmark = pytest.mark.browser

# In forms, a dialog with a link stands before Wagtail's link to the content. Its editor of text has no label.
WAGTAILS = ("[data-sidebar]", "#wagtail-sidebar", ".skiplink", ".public-DraftEditor-content")
NOT_OURS = {"exclude": [[part] for part in WAGTAILS]}


def check(page):
    """At the width of a desktop and of a phone, axe finds nothing and nothing overflows."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, NOT_OURS)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if folder := os.environ.get("TRANSLATION_SHOTS"):
            title = page.url.rstrip("/").replace("/", "-")[-24:]
            page.screenshot(path=f"{folder}/{title}-{width}.png", full_page=True)


def publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_an_editor_translates_an_event_and_keeps_it_up_to_date(browser, admin, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    spanish = Locale.objects.get(language_code="es")
    event = max(EventPage.objects.live(), key=lambda event: len(event.body))
    for needed in (event.get_ancestors().get(depth=2).specific, event.category):
        if not needed.get_translation_or_none(spanish):
            publish(begin(needed, spanish))
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(page, "Editors")
    # From the list of what is to be done.
    page.get_by_role("link", name="translations are missing, drafts or out of date").press("Enter")
    page.wait_for_url("**/reports/untranslated/")
    check(page)
    page.goto(f"{admin.url}/admin/translations/page/{event.pk}/es/")
    check(page)
    page.get_by_role("button", name="Begin the translation").press("Enter")
    page.get_by_text("This is the draft.").wait_for()
    translation = event.get_translation(spanish)
    form = f"{admin.url}/admin/pages/{translation.pk}/edit/"
    page.goto(form)
    check(page)

    # The original is on the left of each field and block.
    beside = page.locator(".lw-sides", has=page.locator("[name=summary]"))
    expect(beside.locator(".lw-side")).to_contain_text(event.summary)
    original, field = (
        beside.locator(each).bounding_box() for each in (".lw-side", "[data-contentpath=summary]")
    )
    assert original["x"] + original["width"] <= field["x"]
    assert page.locator("[data-streamfield-child] .lw-side").count() == len(event.body)
    expect(page.locator("[name=date]")).to_have_count(0)
    page.get_by_text("The same in both languages").press("Enter")
    expect(page.get_by_text(event.when, exact=True)).to_be_visible()

    page.locator("[name=title]").fill("Una reunión")
    page.locator("[name=summary]").fill("Vinieron diez personas.")
    page.get_by_role("tab", name="List and address").press("Enter")
    page.locator("[name=slug]").fill("reunion")
    with page.expect_navigation():
        page.get_by_role("button", name="Submit for review").press("Enter")
    assert translation.workflow_in_progress

    page.context.clear_cookies()
    admin.sign_in(page, "Moderators")
    publish(EventPage.objects.get(pk=translation.pk).get_latest_revision_as_object())
    body = event.body.get_prep_value()
    new = {"type": "text", "value": "<p>Nobody sang.</p>", "id": "1f0c1c66-0000-4000-8000-000000000001"}
    publish(event, summary=f"{event.summary} Twelve people came.", body=[new, *body])
    page.goto(f"{admin.url}{translation.url.replace(translation.slug, 'reunion')}")
    expect(page.get_by_text("La versión en inglés de esta página cambió")).to_be_visible()

    page.goto(form)
    check(page)
    expect(page.locator(".lw-side .addition").first).to_contain_text("Twelve people came.")
    missing = page.locator(".lw-side", has_text="Only in the original")
    expect(missing).to_contain_text("Nobody sang.")
    missing.get_by_role("button", name="Add this block here").press("Enter")
    block = page.locator("[data-streamfield-child]").first
    expect(block.locator("[contenteditable=true]")).to_have_text("Nobody sang.")
    expect(block.locator("[contenteditable=true]")).to_be_focused()
    page.locator("[name=summary]").fill("Vinieron doce personas.")
    page.get_by_label("Yes, this translation says all that it says now").check()
    page.get_by_role("button", name="More actions").press("Enter")
    page.get_by_role("button", name="Publish", exact=True).press("Enter")
    page.get_by_label("No, only wording, spelling or links").check()
    page.get_by_role("button", name="Answer and continue").press("Enter")
    page.get_by_text("Published.").first.wait_for()
    page.goto(f"{admin.url}{translation.url.replace(translation.slug, 'reunion')}")
    expect(page.get_by_text("Vinieron doce personas.").first).to_be_visible()
    expect(page.get_by_text("La versión en inglés de esta página cambió")).to_have_count(0)
