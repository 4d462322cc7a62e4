"""
So many of so many, a square for each. Nothing here is HTML; `blocks/number.html` draws it.
"""

import re
from dataclasses import dataclass
from math import ceil, sqrt

__all__ = ["Tally", "tally_of"]

# From a square to the next, whose side is 1.
PITCH = 1.2
# More than that are a gray to the eye, and few enough to count are said as well by the words.
MOST, FEWEST = 2000, 3
# How much wider than high the picture is.
BREADTH = 3
# "2 of 590", "1 in 4", "3 out of every 10"; "2 de 590", "2 de cada 590".
BETWEEN = r"(?:of|in|out of)(?: every)?|de(?: cada)?"
# Thousands may be parted, in the English or the Spanish way; parts of one are not drawn.
COUNT = r"(\d+|\d{1,3}(?:[,.]\d{3})+)"
SHARE = re.compile(rf"\s*{COUNT}\s+(?:{BETWEEN})\s+{COUNT}\s*", re.IGNORECASE)


@dataclass
class Tally:
    """`part` of `whole` squares, in rows; those of the part come first."""

    part: int
    whole: int

    @property
    def columns(self):
        return min(self.whole, ceil(sqrt(self.whole * BREADTH)))

    @property
    def width(self):
        return _length(self.columns)

    @property
    def height(self):
        return _length(ceil(self.whole / self.columns))

    @property
    def path(self):
        """A line through the middle of each row; broken into squares, it is all of them."""
        return self._rows(self.whole)

    @property
    def part_path(self):
        return self._rows(self.part)

    @property
    def dashes(self):
        return f"1 {PITCH - 1:.1f}"

    def _rows(self, count):
        rows = [min(self.columns, count - start) for start in range(0, count, self.columns)]
        return "".join(f"M0 {row * PITCH + 0.5:.1f}h{_length(squares)}" for row, squares in enumerate(rows))


def tally_of(text):
    """The Tally of a number such as "2 of 590"; None if it is another kind of number, or too large."""
    if not (found := SHARE.fullmatch(text or "")):
        return None
    part, whole = (int(re.sub(r"[,.]", "", number)) for number in found.groups())
    return Tally(part, whole) if part <= whole and FEWEST <= whole <= MOST else None


def _length(squares):
    return round(squares * PITCH - (PITCH - 1), 1)
