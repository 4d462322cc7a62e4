"""Review figures, terms, categories and eras by keyboard, and choose a chart for the numbers."""

import pytest
from playwright.sync_api import expect

from home.models import FigureValue
from tests.support import factories
from tests.support.admin_pages import violations
from timeline.models import EventCategory, TimelinePage

pytestmark = pytest.mark.browser

# Arrests of each group, by year.
NUMBERS = {"Downtown": (40, 55), "Fair Haven": (90, 70), "Hill": (60, 65)}


def make_draft():
    figure = factories.make_figure(
        title="Arrests by neighborhood", slug="arrests-by-neighborhood", breakdown="neighborhood", live=False
    )
    figure.values = [
        FigureValue(group=group, period_start=year, value=value, sort_order=place)
        for place, (group, values) in enumerate(NUMBERS.items())
        for year, value in zip(("2017", "2018"), values, strict=True)
    ]
    figure.save()
    return figure


def test_a_figure_is_reviewed_and_drawn_as_the_editor_chooses(browser, admin):
    figure = make_draft()
    editor = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(editor, "Editors")
    editor.goto(f"{admin.url}/admin/snippets/home/figure/edit/{figure.pk}/")
    submit(editor)

    phone = browser.new_page(viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    admin.sign_in(phone, "Moderators")
    phone.get_by_role("link", name="Arrests by neighborhood").first.press("Enter")
    phone.get_by_role("button", name="More actions").press("Enter")
    phone.get_by_role("button", name="Approve and publish").press("Enter")
    expect(phone.locator(".messages .success")).to_be_in_viewport()
    assert not violations(phone)
    phone.goto(f"{admin.url}/figures/")
    shown = phone.locator("#figure-arrests-by-neighborhood")
    expect(shown.get_by_role("cell", name="90")).to_be_visible()
    assert not violations(phone)
    text = choose_form(editor, admin, figure)
    review_the_rest(editor, phone, admin, figure, text)


def submit(page, is_new=True):
    page.get_by_role("button", name="Submit for review").press("Enter")
    if not is_new:
        question = page.get_by_role("region", name="One more question before it is published")
        question.get_by_label("No, something is new").press("Space")
        question.get_by_label("What was wrong, or what is new").focus()
        page.keyboard.type("An era.")
        question.get_by_role("button", name="Answer and continue").press("Enter")
    expect(page.locator(".messages .success")).to_contain_text("for review")


# What a browser hands over when cells are copied in Excel.
PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def paste_numbers(page, admin, figure):
    """Find the figure, and paste the cells of a report. A figure that is not there can be added."""
    page.goto(f"{admin.url}/admin/number-sets/")
    expect(page.get_by_role("link", name="Add a figure")).to_be_visible()
    page.get_by_role("link", name=figure.title).press("Enter")
    page.locator("[name=period_start]").fill("2019")
    cells = "Neighborhood\t2019\r\nDowntown\t1,234\r\nHill\t60\r\n"
    page.locator("[name=rows-0-value]").evaluate(PASTE, cells)
    expect(page.get_by_role("status").filter(has_text="Filled: 2 of 3 pasted lines.")).to_be_visible()
    assert not violations(page, "main")
    submit(page)


def review_the_rest(editor, phone, admin, figure, text):
    """Numbers, a term, a category and an era are submitted, and published from a phone's first screen."""
    paste_numbers(editor, admin, figure)
    timeline = TimelinePage.objects.get()
    for address, fields in {
        "snippets/home/glossaryterm/add/": {"term": "Warm handoff", "definition": "Someone goes along."},
        "snippets/timeline/eventcategory/add/": {"name": "Hearings"},
        f"pages/{timeline.pk}/edit/": {
            "eras-0-headline": "Mayor X",
            "eras-0-start": "2014",
            "eras-0-end": "2019",
        },
    }.items():
        editor.goto(f"{admin.url}/admin/{address}")
        if "pages" in address:
            editor.locator("#id_eras-ADD").press("Enter")
        for name, value in fields.items():
            editor.locator(f"[name={name}]").focus()
            editor.keyboard.press("Control+A")
            editor.keyboard.type(value)
        assert not violations(editor, "main")
        submit(editor, is_new="pages" not in address)
    for title in (figure.title, text.title, "Warm handoff", "Hearings", timeline.title):
        phone.goto(f"{admin.url}/admin/")
        phone.get_by_role("link", name=title).first.press("Enter")
        phone.get_by_role("button", name="More actions").press("Enter")
        phone.get_by_role("button", name="Approve and publish").press("Enter")
        expect(phone.locator(".messages .success")).to_be_in_viewport()
        assert not violations(phone)
    for path, words in {"figures/": "1,234", "glossary/": "Warm handoff", "timeline/": "Mayor X"}.items():
        phone.goto(f"{admin.url}/{path}")
        expect(phone.get_by_text(words).first).to_be_attached()
    assert EventCategory.objects.get(name="Hearings").live
    phone.goto(f"{admin.url}{text.url}")
    chart = phone.locator("[data-chart]")
    expect(chart).to_have_attribute("data-chart", "panels")
    expect(chart).to_be_visible()
    expect(phone.get_by_role("cell", name="1,234")).to_be_visible()


def choose_form(editor, admin, figure):
    """Choose in the preview how a chart shows its groups, and submit its page, which is returned."""
    body = [("chart", {"figure": figure, "form": "lines"})]
    text = factories.make_standard_page(title="Where arrests are made", body=body, live=False)
    editor.goto(f"{admin.url}/admin/pages/{text.pk}/edit/")
    editor.get_by_role("button", name="Toggle preview").press("Enter")
    chart = editor.frame_locator("#w-preview-iframe").locator("[data-chart]")
    expect(chart).to_have_attribute("data-chart", "lines")
    editor.locator("[name=body-0-value-form]").select_option("panels")
    expect(chart).to_have_attribute("data-chart", "panels")
    submit(editor)
    return text
