"""Changes of two people to one text are merged, and a conflict is reported."""

import pytest

from home.suggestions.merging import merge


def block(name, value):
    return {"id": name, "type": "text", "value": value}


OLD = [block("a", "one"), block("b", "two"), block("c", "three")]
EARLIER, LATER = block("e", "zero"), block("d", "four")


def with_texts(**texts):
    texts = {"a": "one", "b": "two", "c": "three"} | texts
    return [block(name, text) for name, text in texts.items() if text]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("old", "new", "new"),
        ("newer", "old", "newer"),
        ("new", "new", "new"),
        (with_texts(), with_texts(b="2"), with_texts(b="2")),
        (with_texts(a="1"), with_texts(c="3"), with_texts(a="1", c="3")),
        (with_texts(a="1"), with_texts(b=""), with_texts(a="1", b="")),
        (with_texts(b=""), with_texts(c="3"), with_texts(b="", c="3")),
        (
            [*OLD, block("d", "four")],
            [block("e", "zero"), *OLD],
            [block("e", "zero"), *OLD, block("d", "four")],
        ),
        (with_texts(a="1"), OLD[::-1], [*OLD[:0:-1], block("a", "1")]),
        ([1, 2, 3], [2, 4], [2, 4, 3]),
        # The editor gives paragraphs keys when somebody opens them.
        (with_texts(b="<p>2</p>"), with_texts(b='<p data-block-key="x1">2</p>'), with_texts(b="<p>2</p>")),
    ],
)
def test_changes_of_different_things_are_merged(ours, theirs, expected):
    old = [1, 2] if ours == [1, 2, 3] else OLD if isinstance(ours, list) else "old"
    assert merge(old, ours, theirs) == (expected, False)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("new", "other"),
        (with_texts(b="2"), with_texts(b="zwei")),
        (with_texts(b=""), with_texts(b="zwei")),
        (with_texts(b="2"), with_texts(b="")),
    ],
)
def test_a_change_of_the_same_thing_is_a_conflict_in_which_theirs_counts(ours, theirs):
    old = OLD if isinstance(ours, list) else "old"
    assert merge(old, ours, theirs) == (theirs, True)


def test_rows_keep_their_order_in_new_positions():
    old = [{"pk": 1, "title": "A", "sort_order": 0}, {"pk": 2, "title": "B", "sort_order": 1}]
    ours = [{"pk": None, "title": "N", "sort_order": 0}, {"pk": 1, "title": "A", "sort_order": 1}, old[1]]
    theirs = [old[0] | {"title": "A2"}, old[1], {"pk": None, "title": "C", "sort_order": 2}]
    merged, is_conflict = merge(old, ours, theirs)
    assert [row["title"] for row in merged] == ["N", "A2", "B", "C"]
    assert [row["sort_order"] for row in merged] == [0, 1, 2, 3]
    assert not is_conflict
