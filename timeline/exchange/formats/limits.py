"""Limits of what a file of events may hold, so that reading it takes no more than its length is worth."""

import json
import math
import re

from django.utils.translation import gettext as _

__all__ = ["UnreadableFile", "check_text", "load_json", "short"]

LONGEST_TEXT = 1_000_000
# The cleaner of HTML is slow with either: its time grows with the square of their number.
DEEPEST_TAGS = 100
MOST_BARE_MARKS = 1_000
BARE_MARK = re.compile(r"&(?!#?\w{1,32};)|<(?![a-z/!])", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# Marks between the values of JSON.
MOST_MARKS = 1_000_000
DEEPEST = 50
MOST_DIGITS = 100
# Tags that nothing is inside of, or that close the one before.
SINGLE = {"br", "col", "embed", "hr", "img", "input", "p", "source", "track", "wbr"}


class UnreadableFile(ValueError):
    """A file that holds no events; `str()` says why, in words for the editor."""


def short(text, most=100):
    return text if len(text) <= most else f"{text[:most]}…"


def check_text(text):
    """
    See to it that a text is neither too long nor made to keep the site busy.

    :raises UnreadableFile: if it is.
    """
    if len(text) > LONGEST_TEXT:
        words = _("It has a text of %(count)s characters, more than %(most)s.")
        raise UnreadableFile(words % {"count": f"{len(text):,}", "most": f"{LONGEST_TEXT:,}"})
    if "&" not in text and "<" not in text:
        return
    if sum(1 for _mark in BARE_MARK.finditer(text)) > MOST_BARE_MARKS:
        words = _("A text has more than %(most)s stray & or < characters: %(text)s")
        raise UnreadableFile(words % {"most": f"{MOST_BARE_MARKS:,}", "text": short(text)})
    if text.count("<") <= DEEPEST_TAGS:
        return
    depth = 0
    for match in TAG.finditer(text):
        if match[1]:
            depth = max(0, depth - 1)
        elif match[2].lower() not in SINGLE:
            depth += 1
            if depth > DEEPEST_TAGS:
                words = _("A text has tags nested more than %(most)s levels deep: %(text)s")
                raise UnreadableFile(words % {"most": DEEPEST_TAGS, "text": short(text)})


def load_json(text):
    """
    The data of JSON.

    :raises UnreadableFile: if it is none, or passes a limit.
    """
    marks = sum(map(text.count, ",[{"))
    if marks > MOST_MARKS:
        raise UnreadableFile(
            _("This JSON has %(count)s values, more than %(most)s.")
            % {"count": f"{marks:,}", "most": f"{MOST_MARKS:,}"}
        )
    try:
        data = json.loads(text, parse_int=whole_number, parse_constant=no_number, object_pairs_hook=said_once)
    except RecursionError as error:
        raise too_deep() from error
    except json.JSONDecodeError as error:
        words = _("This JSON cannot be read: line %(line)s, column %(column)s. %(error)s.")
        facts = {"line": error.lineno, "column": error.colno, "error": error.msg}
        raise UnreadableFile(words % facts) from error
    check(data)
    return data


def said_once(pairs):
    """An object of JSON. Of two values under one name a reader would silently take the last."""
    found = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            words = _("“%(name)s” stands twice in the same place, with different values.")
            raise UnreadableFile(words % {"name": short(name)})
        found[name] = value
    return found


def whole_number(digits):
    if len(digits) > MOST_DIGITS:
        raise UnreadableFile(_("It has a number that is too large: %(number)s…") % {"number": digits[:20]})
    return int(digits)


def no_number(name):
    raise UnreadableFile(_("It has an invalid number: %(number)s.") % {"number": name})


def too_deep():
    return UnreadableFile(_("This JSON is nested more than %(most)s levels deep.") % {"most": DEEPEST})


def check(data):
    """See to it that nothing in the data is too deep, too long or too large."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise too_deep()
        below = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                check_text(value)
            elif isinstance(value, float) and not math.isfinite(value):
                no_number("1e999")
        level = below
