"""Pasting cells of a spreadsheet into a table block, and into "Add numbers"."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from home.models import Figure, FigureValue, StandardPage
from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, sign_in

pytestmark = pytest.mark.browser

PASTE = """(target, data) => {
    const clipboardData = new DataTransfer();
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
    target.focus();
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    return target.dispatchEvent(event);
}"""
VALUES = "inputs => inputs.map(input => input.value)"
CLIPBOARDS = Path(__file__).parent / "clipboards"
HTML = {name: (CLIPBOARDS / f"{name}.html").read_text() for name in ("excel", "calc", "google_sheets")}
CELLS = [["Grant", "Amount"], ["State, two years", "$200,000"], ["Federal", "$75,000"]]


def table(caption="", columns=(), rows=()):
    return {
        "caption": caption,
        "columns": [{"type": "text", "heading": heading} for heading in columns],
        "rows": [{"values": list(row)} for row in rows],
    }


def make_page(**fields):
    return factories.make_standard_page(
        body=[("table", {"table": table(**fields), "row_headings": True})], live=False
    )


def cells(block):
    """Return the texts of a table's headings and rows."""
    read = "rows => rows.map(row => [...row.querySelectorAll('input[type=text]')].map(input => input.value))"
    return [row for row in block.locator("tr").evaluate_all(read) if row]


@pytest.mark.parametrize("clipboard", [*HTML, "text"])
def test_cells_fill_an_empty_table(page, site, django_user_model, clipboard):
    text = make_page()
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    block = page.locator(".typed-table-block")
    expect(block.locator("label").first).to_have_text("Caption*")
    plain = 'Grant\tAmount\r\n"State,\ntwo years"\t$200,000\r\nFederal\t$75,000\r\n'
    html = {"text/html": HTML[clipboard]} if clipboard in HTML else {}
    caption = block.locator("[name$=caption]")
    caption.evaluate(PASTE, html | {"text/plain": plain})
    assert cells(block) == CELLS
    expect(block.get_by_role("textbox", name="Row 2, column Amount")).to_have_value("$75,000")
    expect(page.locator(".lw-undo")).to_contain_text("Pasted cells: 6. New rows: 2. New columns: 2.")
    block.locator("[name$=caption]").fill("What paid for the start")
    page.get_by_role("button", name="Save draft").press("Enter")
    page.locator(".messages .success").first.wait_for()
    value = StandardPage.objects.get(pk=text.pk).get_latest_revision_as_object().body[0].value["table"]
    assert [column["heading"] for column in value.columns] == CELLS[0]
    assert [list(row["values"]) for row in value.row_data] == CELLS[1:]


def test_cells_are_filled_in_from_a_cell_on_and_taken_back(page, site, django_user_model):
    text = make_page(caption="Grants", columns=["a", "b"], rows=[["1", "2"], ["3", "4"]])
    before = [["a", "b"], ["1", "2"], ["3", "4"]]
    filled = [["a", "b", ""], ["1", "2", ""], ["3", "Federal", "$75,000"], ["", "City", "$1"]]
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/pages/{text.pk}/edit/")
    block = page.locator(".typed-table-block")
    cell = block.locator("tbody tr").nth(1).locator("input[type=text]").nth(1)
    undo = page.locator(".lw-undo")

    # Ctrl+Z in the same cell, the button, and Ctrl+Z after typing, which loses nothing.
    two_rows = {"text/plain": "Federal\t$75,000\nCity\t$1"}
    cell.evaluate(PASTE, two_rows)
    assert cells(block) == filled
    expect(cell).to_be_focused()
    page.keyboard.press("Control+z")
    assert cells(block) == before
    cell.evaluate(PASTE, two_rows)
    undo.get_by_role("button").press("Enter")
    assert cells(block) == before
    cell.evaluate(PASTE, two_rows)
    cell.fill("typed")
    undo.get_by_role("button").press("Enter")
    assert cells(block) == before
    undo.get_by_role("button").press("Enter")
    assert cells(block)[2] == ["3", "typed", "$75,000"]

    # One cell and lines of text are the browser's to paste; too many cells are refused.
    now = cells(block)
    assert cell.evaluate(PASTE, {"text/plain": "one\ntwo"})
    assert cell.evaluate(PASTE, {"text/html": "<table><tr><td>one</td></tr></table>", "text/plain": "one"})
    assert not cell.evaluate(PASTE, {"text/plain": "a\tb\n" * 1500})
    expect(undo.last).to_contain_text("Nothing was pasted")
    assert cells(block) == now

    # Deleted rows and columns come back, too.
    block.locator(".delete-column").nth(1).press("Enter")
    block.locator(".delete-row").nth(0).press("Enter")
    assert cells(block) == [["a", ""], ["3", "$75,000"], ["", "$1"]]
    expect(undo.last.get_by_role("button")).to_be_focused()
    check_at_both_widths(page, ".lw-undo", ".typed-table-block")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+z")
    assert cells(block) == now


def test_cells_fill_the_rows_of_add_numbers(page, site, django_user_model):
    figure = factories.make_figure(breakdown="neighborhood")
    figure.values = [FigureValue(group="Downtown", value=1, period_start="2018")]
    figure.save()
    sign_in(page, site, django_user_model)
    page.goto(f"{site}/admin/number-sets/{figure.pk}/")
    first = page.locator("[name=rows-0-value]")
    said = page.locator("p[data-pasted]")

    # Nobody but the editor knows which of several columns is meant, and nothing typed is lost.
    first.fill("590")
    before = page.locator(".lw-set input").evaluate_all(VALUES)
    for text, columns in [
        ("\t2018 Q1\t2018 Q2\tNote\r\nDowntown\t1\t2\t\r\nHill North\t3\t4\tnew\r\n", 4),
        ("5\t6\t7\r\n", 3),
        ("5\t6\r\n7\t8\r\n", 2),
    ]:
        assert not first.evaluate(PASTE, {"text/plain": text})
        expect(said).to_contain_text(f"Nothing was pasted: these cells have {columns} columns.")
        assert page.locator(".lw-set input").evaluate_all(VALUES) == before

    # A heading is no number, even if it is a year; a second number of a group doesn't replace the first.
    for heading in ("\t2018 Q1", "Neighborhood\t2018", "\t2018"):
        text = f"{heading}\r\nDowntown\t1\t\r\ndowntown\t2\t\r\n"
        first.evaluate(PASTE, {"text/plain": text})
        expect(said).to_contain_text("Filled: 1 of 3 pasted lines.")
        expect(said).to_contain_text(f"Left out: “{heading.strip().replace(chr(9), ' ')}”, “downtown 2”.")
        assert first.input_value() == "1"
        first.fill("590")
        assert page.locator(".lw-set input").evaluate_all(VALUES) == before

    text = "Neighborhood\tCases\r\ndowntown\t1,234\r\nA\t5\r\nB\t6\r\nC\t7\r\nD\t8\r\n"
    first.evaluate(PASTE, {"text/plain": text})
    expect(page.get_by_text("Filled: 5 of 6 pasted lines.")).to_be_visible()
    check_at_both_widths(page, "main")
    page.get_by_label("Counts from").fill("2019")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").press("Enter")
    saved = Figure.objects.get(pk=figure.pk).get_latest_revision_as_object().values.all()
    assert [(each.group, int(each.value)) for each in saved if str(each.period_start) == "2019"] == [
        ("Downtown", 1234),
        ("A", 5),
        ("B", 6),
        ("C", 7),
        ("D", 8),
    ]

    # A figure without groups says why it takes none.
    page.goto(f"{site}/admin/number-sets/{factories.make_figure().pk}/")
    first.evaluate(PASTE, {"text/plain": text})
    expect(said).to_contain_text("this figure is not broken down")
