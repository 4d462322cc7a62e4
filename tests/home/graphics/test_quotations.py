"""Quoted words are found on a page, whatever their punctuation."""

import pytest

from home.graphics.quotations import boxes_of, frame_of

# A line below the other; the last word of the first is divided.
PAGE = [
    *(["“The", [100, 50, 40, 10]], ["Board", [150, 50, 60, 10]], ["didn’t", [220, 50, 60, 10]]),
    ["reassign", [290, 50, 40, 10], [100, 70, 40, 10]],
    *(["anybody,”", [150, 70, 90, 10]], ["she", [250, 70, 40, 10]], ["said.", [300, 70, 50, 10]]),
]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("the board", [0, 1]),
        ("“Board didn't re-assign”", [1, 2, 3]),
        ("The Board … she said", [0, 1, 5, 6]),
        ("board [...] said.", [1, 6]),
        ("said … board", []),
        ("the bored", []),
        ("", []),
        ("…", []),
        ("?!", []),
    ],
)
def test_quoted_words_are_found_in_order(quote, words):
    assert boxes_of(PAGE, quote) == [box for index in words for box in PAGE[index][1:]]


def test_the_part_that_is_shown_is_around_the_words_and_on_the_page():
    assert frame_of([[300, 100, 40, 10], [200, 120, 500, 10]], 1300) == (182, 82, 536, 66)
    assert frame_of([[1, 5, 1, 10], [1, 1290, 1, 10]], 1300) == (0, 0, 400, 1300)
    assert frame_of([[990, 5, 10, 10]], 1300) == (600, 0, 400, 33)
