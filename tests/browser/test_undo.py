"""Undoing deletions in the forms of pages."""

import re

import pytest
from playwright.sync_api import expect
from wagtail.models import Comment

from home.models import StandardPage
from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, sign_in
from tests.support.waiting import wait_until
from timeline.models import EventPage

pytestmark = pytest.mark.browser


def latest(page_object):
    return type(page_object).objects.get(pk=page_object.pk).get_latest_revision_as_object()


def words_of(body):
    return [re.sub("<.*?>", "", block.value.source) for block in body]


def test_a_deleted_block_comes_back_to_its_place(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    text = factories.make_standard_page(body=[("text", f"<p>{word}</p>") for word in ("one", "two", "three")])
    ids = [block.id for block in StandardPage.objects.get(pk=text.pk).body]
    sign_in(page, site, django_user_model)
    user = django_user_model.objects.get(username="editor")
    comment = Comment.objects.create(page=text, user=user, contentpath=f"body.{ids[1]}", text="Who?")
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    blocks = page.locator("[data-streamfield-child]:has(> [name^=body])")
    undo = page.locator(".lw-undo")

    # With the mouse; autosave sees both.
    blocks.nth(1).locator("[data-streamfield-action=DELETE]").click()
    expect(undo).to_contain_text("“Text” was deleted.")
    expect(page.locator("#undo-status")).to_have_text("“Text” was deleted. Press Ctrl+Z to undo.")
    wait_until(lambda: words_of(latest(text).body) == ["one", "three"])
    undo.get_by_role("button", name="Undo").click()
    expect(undo).to_have_count(0)
    expect(blocks.nth(1)).to_be_visible()
    expect(blocks.nth(1).locator("[data-streamfield-action=DELETE]")).to_be_focused()
    wait_until(lambda: [block.id for block in latest(text).body] == ids)
    assert words_of(latest(text).body) == ["one", "two", "three"]

    # With the keyboard, the first and the last block, while others move.
    for place in (0, 2):
        blocks.nth(place).locator("[data-streamfield-action=DELETE]").press("Enter")
        expect(undo.last.get_by_role("button")).to_be_focused()
    wait_until(lambda: words_of(latest(text).body) == ["two"])
    page.keyboard.press("Escape")
    expect(undo).to_have_count(1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(undo).to_have_count(0)
    expect(blocks.nth(0).locator("[data-streamfield-action=MOVE_UP]")).to_be_disabled()
    expect(blocks.nth(2).locator("[data-streamfield-action=MOVE_DOWN]")).to_be_disabled()
    blocks.nth(0).locator("[data-streamfield-action=MOVE_DOWN]").press("Enter")
    wait_until(lambda: words_of(latest(text).body) == ["two", "one", "three"])
    assert Comment.objects.filter(pk=comment.pk).exists()


def test_undo_stays_for_ten_seconds_or_while_it_has_the_focus(page, site, django_user_model):
    text = factories.make_standard_page(body=[("text", "<p>one</p>"), ("text", "<p>two</p>")])
    page.clock.install()
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    blocks = page.locator("[data-streamfield-child]:has(> [name^=body])")
    undo = page.locator(".lw-undo")
    blocks.nth(0).locator("[data-streamfield-action=DELETE]").click()
    page.clock.fast_forward(9_000)
    expect(undo).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(undo).to_have_count(0)
    # Ctrl+Z in a text belongs to the text.
    page.locator("[name=title]").press("Control+z")
    expect(blocks.nth(0)).to_be_hidden()
    page.locator("[name=title]").blur()
    page.keyboard.press("Control+z")
    expect(blocks.nth(0)).to_be_visible()

    blocks.nth(1).locator("[data-streamfield-action=DELETE]").press("Enter")
    page.clock.fast_forward(60_000)
    expect(undo.get_by_role("button")).to_be_focused()
    check_at_both_widths(page, ".lw-undo", "[data-streamfield-stream-container]")
    page.keyboard.press("Tab")
    page.clock.fast_forward(2_000)
    expect(undo).to_have_count(0)


def test_a_deleted_source_comes_back(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    event = EventPage.objects.get(title="Protest at City Hall")
    titles = [source.title for source in event.sources.all()]
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    row = page.locator("#inline_child_sources-0")
    row.locator("#id_sources-0-DELETE-button").press("Enter")
    expect(page.locator(".lw-undo")).to_contain_text("“Source 1” was deleted.")
    wait_until(lambda: not latest(event).sources.all())
    page.get_by_role("button", name="Undo").press("Enter")
    expect(row).to_be_visible()
    expect(row.locator("[data-inline-panel-child-count]").first).to_have_text(" 1")
    wait_until(lambda: [source.title for source in latest(event).sources.all()] == titles)
