"""What a cell of a table that leaves the site may hold."""

import re

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

__all__ = ["TOO_LONG", "for_excel", "guarded", "unguarded"]

FORMULA = re.compile(r"'*[=+\-@\t\r]")
# Characters that Excel takes in a cell.
LONGEST_CELL = 32_767
# What stands in a cell whose text is longer than that.
TOO_LONG = "(too long for a cell)"


def guarded(text):
    """Text that no spreadsheet takes for a formula; `unguarded` takes it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def for_excel(text):
    """What Excel can keep of a text; a longer one is left out, and an import leaves alone what it said."""
    return ILLEGAL_CHARACTERS_RE.sub("", text) if len(text) <= LONGEST_CELL else TOO_LONG
