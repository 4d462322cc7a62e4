from hypothesis import given
from hypothesis import strategies as st

from home.spreadsheets import guarded, unguarded


@given(st.text())
def test_escaping_a_formula_can_be_taken_back(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")
