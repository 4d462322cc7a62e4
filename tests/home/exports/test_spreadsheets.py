from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from home.admin.lists.exports import as_spreadsheet
from home.exports.spreadsheets import TOO_LONG, as_csv, as_xlsx, for_excel, guarded, unguarded


@given(st.text())
def test_escaping_a_formula_can_be_reversed(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize(
    ("text", "cell"), [("a\x00b\x1fc", "abc"), ("x" * 32_767, "x" * 32_767), ("x" * 32_768, TOO_LONG)]
)
def test_excel_gets_texts_that_it_can_hold(text, cell):
    assert for_excel(text) == cell


def test_excel_is_told_the_encoding():
    assert "".join(as_csv([["Café"]])) == "\ufeffCafé\r\n"


def test_every_export_of_the_admin_escapes_formulas():
    views = list(descendants(SpreadsheetExportMixin))
    assert {view.__module__.partition(".")[0] for view in views} >= {"wagtail", "home", "search"}
    assert [view for view in views if view.as_spreadsheet is not as_spreadsheet] == []


@pytest.mark.parametrize("before", ["", " ", "\n", "\x0b", "\x00", "\u200b", "\ufeff", "'", "\xa0 '\x1f"])
@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_a_formula_is_escaped_whatever_precedes_its_sign(before, sign):
    text = f"{before}{sign}1+1"
    cell = "".join(as_csv([[guarded(text)]])).removeprefix("\ufeff").lstrip('"')
    assert cell.startswith("'")
    book = load_workbook(BytesIO(b"".join(as_xlsx("Sheet", [[text, 5, -5]]))))
    texts = next(book.active.iter_rows())
    assert [cell.data_type for cell in texts] == ["s", "n", "n"]
    assert texts[0].quotePrefix


def test_a_sign_within_a_text_is_unchanged():
    for text in ("2017-12-05", "a=b", "1-2", "me@example.org", "", "'tis so", "It's -1"):
        assert guarded(text) == text


def descendants(parent):
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)
