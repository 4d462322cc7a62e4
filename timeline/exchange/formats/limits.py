"""Limits for files of events, so that no file can keep the site busy."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from django.utils.translation import gettext as _

MOST_EVENTS = 2000
# In bytes.
LARGEST_FILE = 10 * 1024 * 1024
# Tables: lines and columns, and characters of a cell.
MOST_LINES = 20_000
MOST_COLUMNS = 500
LONGEST_CELL = 1_000_000
# Lines of a CSV file that cannot be read.
MOST_BROKEN_LINES = 50
LONGEST_TEXT = 1_000_000
# Cleaning HTML takes quadratic time for either.
DEEPEST_TAGS = 100
MOST_BARE_MARKS = 1_000
BARE_MARK = re.compile(r"&(?!#?\w{1,32};)|<(?![a-z/!])", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# Commas and brackets in JSON.
MOST_MARKS = 1_000_000
DEEPEST = 50
MOST_DIGITS = 100
# Tags that have no content, or that end the tag before.
SINGLE = {"br", "col", "embed", "hr", "img", "input", "p", "source", "track", "wbr"}


class UnreadableFile(ValueError):
    """A file that cannot be imported. `str()` is a message for the editor."""


def short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def check_text(text: str) -> None:
    """Raise UnreadableFile if a text is too long, or would take too much time to clean."""
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


def load_json(text: str) -> Any:
    """Parse JSON. Raise UnreadableFile if it is not valid, or exceeds a limit."""
    marks = sum(map(text.count, ",[{"))
    if marks > MOST_MARKS:
        raise UnreadableFile(
            _("This JSON has %(count)s values, more than %(most)s.")
            % {"count": f"{marks:,}", "most": f"{MOST_MARKS:,}"}
        )
    try:
        data = json.loads(
            text, parse_int=whole_number, parse_constant=no_number, object_pairs_hook=without_repeats
        )
    except RecursionError as error:
        raise too_deep() from error
    except json.JSONDecodeError as error:
        words = _("This JSON cannot be read: line %(line)s, column %(column)s. %(error)s.")
        facts = {"line": error.lineno, "column": error.colno, "error": error.msg}
        raise UnreadableFile(words % facts) from error
    check(data)
    return data


def without_repeats(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object. The standard parser would silently keep the last of two values with one name."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            words = _("“%(name)s” appears twice in the same place, with different values.")
            raise UnreadableFile(words % {"name": short(name)})
        found[name] = value
    return found


def whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise UnreadableFile(_("It has a number that is too large: %(number)s…") % {"number": digits[:20]})
    return int(digits)


def no_number(name: str) -> NoReturn:
    raise UnreadableFile(_("It has an invalid number: %(number)s.") % {"number": name})


def too_deep() -> UnreadableFile:
    return UnreadableFile(_("This JSON is nested more than %(most)s levels deep.") % {"most": DEEPEST})


def check(data: Any) -> None:
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise too_deep()
        below: list[Any] = []
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
