import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.spreadsheets import TOO_LONG, for_excel, guarded, unguarded


@given(st.text())
def test_escaping_a_formula_can_be_taken_back(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize(
    ("text", "cell"), [("a\x00b\x1fc", "abc"), ("x" * 32_767, "x" * 32_767), ("x" * 32_768, TOO_LONG)]
)
def test_excel_is_given_what_it_can_keep(text, cell):
    assert for_excel(text) == cell
