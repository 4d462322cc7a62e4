import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.graphics.proportions import FEWEST, MOST, Proportion, proportion_of


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("2 of 590", 2, 590),
        (" 1 in 4 ", 1, 4),
        ("3 out of every 10", 3, 10),
        ("2 de cada 590", 2, 590),
        ("0 of 1,200", 0, 1200),
    ],
)
def test_a_proportion_is_drawn(text, part, whole):
    assert proportion_of(text) == Proportion(part, whole)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "2",
        "$275,000",
        "6 percent",
        "3 of 2",
        "1 of 2",
        "1.5 of 100",
        "1,5 de 100",
        "1 of 590,000",
        "2 of the 590",
        "², of 5",
    ],
)
def test_other_numbers_are_not_drawn(text):
    assert proportion_of(text) is None


@given(st.data())
def test_there_is_one_square_for_each(data):
    whole = data.draw(st.integers(FEWEST, MOST))
    proportion = Proportion(data.draw(st.integers(0, whole)), whole)
    for path, count in ((proportion.path, proportion.whole), (proportion.part_path, proportion.part)):
        rows = [row.split("h") for row in path.split("M")[1:]]
        assert sum(round((float(length) + 0.2) / 1.2) for _start, length in rows) == count
        assert all(float(length) <= proportion.width for _start, length in rows)
        assert all(float(start.split()[1]) < proportion.height for start, _length in rows)


@given(st.text())
def test_any_text_is_accepted(text):
    proportion_of(text)
