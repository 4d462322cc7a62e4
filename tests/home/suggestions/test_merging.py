"""Changes of two people to one text are merged, and a conflict is reported."""

import pytest

from home.suggestions.merging import is_same, merge


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
        # So does it with the items of lists.
        (
            with_texts(b="<ul><li>2</li><li>3</li></ul>"),
            with_texts(b="<ul><li><p>2</p></li><li><p>3</p></li></ul>"),
            with_texts(b="<ul><li>2</li><li>3</li></ul>"),
        ),
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


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("One.\r\n Two", "One. Two"),
        ("loose words", '<p data-block-key="x1">loose words</p>'),
        ("", '<p data-block-key="x1"></p>'),
        ("<p>One. </p>\n<p>Two&nbsp;three</p><p> </p>", "<p>One.</p><p>Two\xa0three</p>"),
        ("<p>It&#x27;s <strong>a</strong> <em>b</em></p>", "<p>It's <b>a</b> <i>b</i></p>"),
        ("<p>a <i><b> b</b></i>c <span>d</span></p>", "<p>a <b><i>b</i></b>c d</p>"),
        ("<p><b>a<i>b</i></b></p>", "<p><b>a</b><b><i>b</i></b></p>"),
        ('<a linktype="page" id="3" rel="x">x</a>', '<p><a id="3" linktype="page">x</a></p>'),
        ("<hr/><p>x</p>", '<p data-block-key="x1"></p><hr/><p>x</p>'),
        ("<ol><li>x</li></ol><ol><li>y</li></ol>", "<ol><li>x</li><li>y</li></ol>"),
        ([block("a", {"words": "x"})], [block("z", {"words": "x", "note": "", "wide": False})]),
        ('[{"id": "a", "value": "<p>x</p>"}]', '[{"value": "<p>x </p>", "id": "b"}]'),
    ],
)
def test_what_readers_do_not_see_is_no_change(stored, sent):
    assert is_same(stored, sent)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a b</p>", "<p>a <b>b</b></p>"),
        ("<p>a b</p>", "<p>a</p><p>b</p>"),
        ("<p>a</p>", "<h2>a</h2>"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
        ('<p><a href="/a">x</a></p>', '<p><a href="/b">x</a></p>'),
        ('<embed embedtype="image" id="1"/>', '<embed embedtype="image" id="2"/>'),
        (OLD, OLD[::-1]),
        ({"count": 0}, {"count": ""}),
        ({"wide": True}, {"wide": False}),
    ],
)
def test_what_readers_see_is_a_change(old, new):
    assert not is_same(old, new)
