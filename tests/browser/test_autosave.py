"""Autosave with an invalid field."""

import pytest
from playwright.sync_api import expect

from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, sign_in
from tests.support.waiting import wait_until
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.browser


def draft_of(event):
    return EventPage.objects.get(pk=event.pk).get_latest_revision_as_object()


def test_an_invalid_field_is_named_and_the_rest_is_saved(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    event = EventPage.objects.get(title="Protest at City Hall")
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    page.locator("[name=place]").fill("City Hall")
    page.locator("[name=date]").fill("soon")
    page.locator("#id_sources-0-url").fill("http://")
    line = page.locator(".lw-left-out")
    expect(line).to_contain_text("Everything else is saved.")
    expect(line.get_by_role("link")).to_have_text(["Date", "Web address"])
    expect(line).to_contain_text("Web address (Source 1)")
    expect(page.locator("[name=date]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=date]")).to_have_value("soon")
    check_at_both_widths(page, ".lw-left-out", ":has(> [name=date])")
    draft = draft_of(event)
    assert (draft.place, draft.date) == ("City Hall", event.date)

    # There is nothing to save until something is typed. The browser asks before leaving, because the invalid
    # value would be lost.
    saves, questions = [], []
    page.on("request", lambda request: saves.append(request) if "/edit/" in request.url else None)
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    page.wait_for_timeout(1500)
    assert not saves
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    assert questions == ["beforeunload"]
    expect(page.locator("[name=date]")).to_have_value("soon")

    line.get_by_role("link", name="Date").press("Enter")
    expect(page.locator("[name=date]")).to_be_focused()
    page.locator("[name=date]").fill("June 2018")
    expect(line.get_by_role("link")).to_have_text(["Web address"])
    page.locator("#id_sources-0-url").fill("https://example.org/")
    expect(line).to_have_count(0)
    expect(page.locator("[name=date]")).not_to_have_attribute("aria-invalid", "true")
    draft = draft_of(event)
    assert str(draft.date) == "2018-06"


def test_the_block_and_the_row_of_a_wrong_field_are_named(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    quote = {"text": "They met.", "source_title": "The minutes", "source_url": ""}
    letter = EventSource(title="A letter", note="In our files")
    event = factories.make_event(sources=[letter], body=[("quote", quote)], live=False)
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    line = page.locator(".lw-left-out")
    page.locator("[name=body-0-value-source_url]").fill("the minutes")
    expect(line).to_contain_text("Address of the source (Quote)")
    page.locator("#id_sources-0-url").fill("the letter")
    expect(line).to_contain_text("Address of the source (Quote), Web address (Source 1)")


def test_what_is_typed_at_once_is_saved(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    event = EventPage.objects.get(title="Protest at City Hall")
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    page.locator("[name=place]").focus()
    page.keyboard.type("City Hall")
    wait_until(lambda: draft_of(event).place == "City Hall")


def test_leaving_what_was_typed_at_once_is_asked_about(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 60_000
    event = EventPage.objects.get(title="Protest at City Hall")
    sign_in(page, site, django_user_model)
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true })")
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    page.locator("[name=place]").focus()
    page.keyboard.type("City Hall")
    wait_until(lambda: page.evaluate("window.isWatched"))
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    assert questions == ["beforeunload"]
    expect(page.locator("[name=place]")).to_have_value("City Hall")


def test_what_is_typed_just_before_an_answer_is_saved(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    event = EventPage.objects.get(title="Protest at City Hall")
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    # The listener hears of the answer before Wagtail's do.
    page.evaluate("""addEventListener('w-autosave:success', () => {
        document.querySelector('[name=summary]').value = 'Forty people came.';
    }, { capture: true, once: true })""")
    page.locator("[name=place]").fill("City Hall")
    wait_until(lambda: draft_of(event).summary == "Forty people came.")
    # Then there is nothing left to save.
    expect(page.locator("#w-autosave-indicator").get_by_text("Saved", exact=True)).to_be_visible()
    saves = []
    page.on("request", lambda request: saves.append(request) if "/edit/" in request.url else None)
    page.wait_for_timeout(1500)
    assert not saves


def test_publishing_waits_for_an_autosave_that_has_begun(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 2000
    event = factories.make_event(sources=[EventSource(title="A letter", note="In our files")], live=False)
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    order = []

    def note(request, what):
        if request.method == "POST" and request.url.endswith("/edit/"):
            is_autosave = request.headers.get("accept") == "application/json"
            order.append(f"{'autosave' if is_autosave else 'publish'} {what}")

    page.on("request", lambda request: note(request, "sent"))
    page.on("response", lambda response: note(response.request, "answered"))
    with page.expect_event("console", lambda message: message.text == "saving"):
        page.evaluate("document.addEventListener('w-autosave:save', () => console.log('saving'))")
        page.locator("[name=place]").fill("City Hall")
    page.get_by_role("button", name="More actions").press("Enter")
    page.get_by_role("button", name="Publish").press("Enter")
    page.locator(".messages .success").wait_for()
    assert order == ["autosave sent", "autosave answered", "publish sent", "publish answered"]
    assert EventPage.objects.live().get(pk=event.pk).place == "City Hall"
