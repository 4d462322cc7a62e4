"""Values of fields as readers see them, so that a form that nobody has changed changes nothing."""

import json
import re
from functools import lru_cache

from bs4 import BeautifulSoup, Tag

# What a form renews, or fills in.
RENEWED, EMPTY = {"id", "sort_order"}, ("", None, [], {})
LINES, LISTS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}, {"ul", "ol"}
THINGS, MARKS = {"br", "embed", "hr", "img"}, {"a", "b", "code", "i", "s", "sub", "sup", "u"}
# The editor replaces the first with the second.
SAME_TAGS = {"strong": "b", "em": "i", "del": "s"}
UNSEEN = {"data-block-key", "rel", "class", "style"}


def as_read(value):
    """Return a value without IDs, positions, empty fields, white space, and different HTML for the same."""
    if isinstance(value, dict):
        values = {name: as_read(each) for name, each in value.items() if name not in RENEWED}
        return {name: each for name, each in values.items() if each is not False and each not in EMPTY}
    if isinstance(value, list):
        return [as_read(each) for each in value]
    return _text(value) if isinstance(value, str) else value


@lru_cache(1000)
def _text(value):
    if value.startswith("[{"):
        # The body of a row.
        try:
            return as_read(json.loads(value))
        except ValueError:
            pass
    return _html(value) if re.search("[<&]", value) else " ".join(value.split())


def _html(value):
    """Return the lines of rich text: the kinds of those that are no paragraphs, and marks for bold etc."""
    lines, marks = [["", ""]], ""
    for node in BeautifulSoup(value, "html.parser").descendants:
        if not isinstance(node, Tag):
            now = "".join(sorted({_described(tag) for tag in node.parents if _name(tag) in MARKS}))
            if node.strip() and now != marks:
                # A space is never bold: it stands before the mark.
                lines[-1][1] += re.match(r"\s*", node)[0] + f"<{now}>"
                marks = now
                lines[-1][1] += node.lstrip()
            else:
                lines[-1][1] += node
        elif node.name == "p" and node.parent.name == "li" and not node.find_previous_sibling():
            # The editor writes the text of an item with or without a paragraph.
            continue
        elif node.name in LINES:
            lists = [tag.name for tag in node.parents if tag.name in LISTS]
            kind = "" if node.name == "p" else " ".join([node.name, *lists]) + ": "
            lines.append([kind, ""])
            marks = ""
        elif node.name in THINGS:
            lines[-1][1] += _described(node)
    return "\n".join(kind + " ".join(text.split()) for kind, text in lines if text.strip())


def _name(tag):
    return SAME_TAGS.get(tag.name, tag.name)


def _described(tag):
    return f"{_name(tag)}{sorted((name, tag[name]) for name in tag.attrs if name not in UNSEEN)}"
