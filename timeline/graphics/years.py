"""
How many events each year has, a square for each. Nothing here is HTML; `components/years.html` draws it.
"""

from collections import Counter
from dataclasses import dataclass

__all__ = ["Year", "years_of"]

# From a square to the next, whose side is 1.
PITCH = 1.2
# Squares above one another, before there are more beside them.
TALLEST = 8
# Years from the first to the last up to which those without an event have their place, too.
LONGEST = 16


@dataclass
class Year:
    """A year and the squares of its events; `is_last` if the latest event is among them."""

    number: int
    count: int
    across: int
    is_last: bool = False

    @property
    def label(self):
        return f"{self.number:04}"

    @property
    def width(self):
        return _side(self.across)

    @property
    def height(self):
        return _side(-(-self.count // self.across))

    @property
    def path(self):
        """The squares, from the ground up; without that of the latest event."""
        return "".join(self._square(place) for place in range(self.count - self.is_last))

    @property
    def latest(self):
        """The square of the latest event, or nothing."""
        return self._square(self.count - 1) if self.is_last else ""

    def _square(self, place):
        up, right = divmod(place, self.across)
        top = round(self.height - up * PITCH - 1, 1)
        return f"M{right * PITCH:g} {top:g}h1v1h-1z"


def _side(squares):
    """How long so many squares in a row are."""
    return round(squares * PITCH - (PITCH - 1), 1)


def years_of(dates):
    """
    The Years from the first to the last of these dates; where they are many, only those with an event.

    :param dates: of PreciseDate, one for each event; None for an event without a date is left out.
    """
    counts = Counter(date.year for date in dates if date)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    numbers = range(first, last + 1) if last - first < LONGEST else sorted(counts)
    across = -(-max(counts.values()) // TALLEST)
    return [Year(number, counts[number], across, number == last) for number in numbers]
