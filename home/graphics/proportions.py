"""Draw "2 of 590" as squares, one for each of the whole. Only geometry: `blocks/number.html` draws it."""

import re
from dataclasses import dataclass
from math import ceil, sqrt

# The distance between the left edges of two squares, whose side is 1.
PITCH = 1.2
# More squares than MOST look like a gray area; fewer than FEWEST say no more than the words.
MOST, FEWEST = 2000, 3
# The width of the drawing divided by its height.
ASPECT_RATIO = 3
# "2 of 590", "1 in 4", "3 out of every 10"; "2 de 590", "2 de cada 590".
BETWEEN = r"(?:of|in|out of)(?: every)?|de(?: cada)?"
# Whole numbers, with English or Spanish thousands separators.
COUNT = r"(\d+|\d{1,3}(?:[,.]\d{3})+)"
PROPORTION = re.compile(rf"\s*{COUNT}\s+(?:{BETWEEN})\s+{COUNT}\s*", re.IGNORECASE)


@dataclass
class Proportion:
    """`whole` squares in rows, the first `part` of them highlighted."""

    part: int
    whole: int

    @property
    def columns(self):
        return min(self.whole, ceil(sqrt(self.whole * ASPECT_RATIO)))

    @property
    def width(self):
        return _length(self.columns)

    @property
    def height(self):
        return _length(ceil(self.whole / self.columns))

    @property
    def path(self):
        """A line through the middle of each row; `dashes` breaks it into squares."""
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


def proportion_of(text):
    """Return the Proportion of a text such as "2 of 590"; None for any other text or if it is too large."""
    if not (found := PROPORTION.fullmatch(text or "")):
        return None
    part, whole = (int(re.sub(r"[,.]", "", number)) for number in found.groups())
    return Proportion(part, whole) if part <= whole and FEWEST <= whole <= MOST else None


def _length(squares):
    return round(squares * PITCH - (PITCH - 1), 1)
