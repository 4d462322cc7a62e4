"""Pasting text from word processors."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from home.models import StandardPage
from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, sign_in
from tests.support.files import word_report
from timeline.models import EventPage, TimelinePage

pytestmark = pytest.mark.browser

CLIPBOARDS = Path(__file__).parent / "clipboards"
KEPT = {
    "google_docs": (
        '<p>The board heard <b>590</b> people. <a href="https://example.org/report?a=1">The report</a>[1]</p>'
    ),
    "word": (
        '<p>The <b>board</b> heard this[1], <a href="https://example.org/minutes">see the minutes</a>.</p>'
        "<p>[1] A letter.</p>"
    ),
    "word_list": (
        "<p>The board asked for:</p><ul><li>a budget</li><li>a report of example.org</li></ul>"
        "<p>And then:</p><ol><li>a vote</li><li>a letter</li><li>an answer</li></ol>"
    ),
    "word_online": '<p>They met[2] at <a href="https://example.org/hall">the hall</a></p>',
    "libreoffice": '<p>He said <i>no</i>[1] and <a href="https://www.example.org/no">left</a></p>',
    "draft": '<p>Back to the draft, it and <a href="mailto:us@example.org">us</a></p>',
}

PASTE = """(editor, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "plain");
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def as_read(html):
    """Return rich text without the editor's attributes, and with whitespace collapsed."""
    html = re.sub(r' data-block-key="\w+"', "", html).replace("<p></p>", "").replace("\xa0", " ")
    return re.sub(r"\s*(</p>)", r"\1", re.sub(r"\s+", " ", html))


def test_pasted_text_is_kept_without_links_into_the_admin(page, site, django_user_model):
    text = factories.make_standard_page(body=[("text", "")] * len(KEPT), live=False)
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    editors = page.locator(".Draftail-Editor [contenteditable=true]")
    for place, name in enumerate(KEPT):
        html = (CLIPBOARDS / f"{name}.html").read_text().replace("{site}", site)
        editors.nth(place).focus()
        editors.nth(place).evaluate(PASTE, html)
        # The editor updates the form a moment later.
        expect(page.locator(f"[name=body-{place}-value]")).to_have_value(re.compile("example.org"))
    page.get_by_role("button", name="Save draft").press("Enter")
    page.locator(".messages .success").first.wait_for()

    body = StandardPage.objects.get(pk=text.pk).get_latest_revision_as_object().body
    assert [as_read(block.value.source) for block in body] == list(KEPT.values())


def report_with_a_picture():
    document = docx.Document(word_report())
    document.add_picture(factories.image_file())
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def test_an_event_begins_with_a_word_file(page, site, django_user_model):
    """On a phone, take the keyboard from the offer to the saved draft. A refused file changes nothing."""
    page.set_viewport_size({"width": 360, "height": 740})
    timeline = TimelinePage.objects.get()
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/add/timeline/eventpage/{timeline.pk}/")
    offer = page.get_by_role("button", name="Begin with a Word file")
    said = page.locator("[data-word-file] output")
    for content, words in [
        (b"no Word file", "This is no Word file that can be read. Save it as .docx in Word, and try again."),
        (
            report_with_a_picture(),
            "Filled in from “report.docx”. Blocks added: 3. Check each field. One image is left out. "
            "Upload it, and add an image block.",
        ),
    ]:
        with page.expect_file_chooser() as chooser:
            offer.press("Enter")
        chooser.value.set_files({"name": "report.docx", "mimeType": "", "buffer": content})
        expect(said).to_have_text(words)
    title = page.get_by_role("textbox", name="Title*", exact=True)
    expect(title).to_be_focused()
    expect(title).to_have_value("A report")
    check_at_both_widths(page, "[data-word-file]")
    page.get_by_role("textbox", name="Date*", exact=True).fill("May 2018")
    page.get_by_role("button", name="Save draft").press("Enter")
    page.locator(".messages .success").first.wait_for()

    event = EventPage.objects.get(title="A report").get_latest_revision_as_object()
    assert (str(event.date), event.slug, event.live) == ("2018-05", "a-report", False)
    assert [block.block_type for block in event.body] == ["heading", "text", "table"]


def test_pasted_headings_and_a_word_file_become_blocks(page, site, django_user_model):
    text = factories.make_standard_page(body=[("text", "")], live=False)
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    editor = page.locator(".Draftail-Editor [contenteditable=true]").first
    editor.focus()
    editor.evaluate(PASTE, "<h2>What happened</h2><p>They met.</p><img src='x.png'>")
    said = page.locator(".lw-copied + output").last
    expect(said).to_have_text("Blocks added: 2. One image is left out. Upload it, and add an image block.")
    page.locator("input[accept='.docx']").set_input_files(
        {"name": "report.docx", "mimeType": "", "buffer": word_report().read()}
    )
    expect(said).to_have_text("Blocks added: 4.")
    check_at_both_widths(page, ".lw-copied", ".lw-copied + output")
    page.get_by_role("button", name="Save draft").press("Enter")
    page.locator(".messages .success").first.wait_for()

    body = StandardPage.objects.get(pk=text.pk).get_latest_revision_as_object().body
    names = [block.block_type for block in body]
    assert names == ["heading", "text", "heading", "heading", "text", "table"]
    assert [block.value.heading for block in body if block.block_type == "heading"] == [
        "What happened",
        "A report",
        "Findings",
    ]
    assert [[str(cell) for cell in row] for row in body[5].value["table"].rows] == [["State", "$200,000"]]
