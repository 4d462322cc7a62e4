import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from home.spreadsheets import TOO_LONG, MarkedCsv, as_csv, for_excel, guarded, unguarded


@given(st.text())
def test_escaping_a_formula_can_be_taken_back(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize(
    ("text", "cell"), [("a\x00b\x1fc", "abc"), ("x" * 32_767, "x" * 32_767), ("x" * 32_768, TOO_LONG)]
)
def test_excel_is_given_what_it_can_keep(text, cell):
    assert for_excel(text) == cell


def test_excel_is_told_the_encoding_of_every_table_that_is_given_out():
    assert "".join(as_csv([["Café"]])) == "\ufeffCafé\r\n"
    apps = ("home.", "concerns.", "timeline.", "search.", "leadwatch.")
    views = [view for view in descendants(SpreadsheetExportMixin) if view.__module__.startswith(apps)]
    assert len(views) > 3
    assert [view for view in views if not issubclass(view, MarkedCsv)] == []


def descendants(parent):
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)
