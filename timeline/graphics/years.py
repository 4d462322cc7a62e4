"""The number of events in each year, with a square for each. `components/years.html` draws it."""

from collections import Counter
from dataclasses import dataclass

# Distance from one square to the next. The side of a square is 1.
PITCH = 1.2
# Maximum number of squares in a column. More go into further columns.
TALLEST = 8
# Years without an event are included if the first and the last year are at most this far apart.
LONGEST = 16


@dataclass
class Year:
    """A year and its events, in `across` columns. `is_last` marks the year of the latest event."""

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
        """The squares as an SVG path, from the bottom up, without that of the latest event."""
        return "".join(self._square(place) for place in range(self.count - self.is_last))

    @property
    def latest(self):
        """The square of the latest event as an SVG path; empty in the other years."""
        return self._square(self.count - 1) if self.is_last else ""

    def _square(self, place):
        up, right = divmod(place, self.across)
        top = round(self.height - up * PITCH - 1, 1)
        return f"M{right * PITCH:g} {top:g}h1v1h-1z"


def _side(squares):
    """Return the length of a row of this many squares."""
    return round(squares * PITCH - (PITCH - 1), 1)


def years_of(dates):
    """
    Return the Years from the first to the last of these dates; if these are far apart, those with an event.

    :param dates: a PreciseDate for each event. None is left out.
    """
    counts = Counter(date.year for date in dates if date)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    numbers = range(first, last + 1) if last - first < LONGEST else sorted(counts)
    across = -(-max(counts.values()) // TALLEST)
    return [Year(number, counts[number], across, number == last) for number in numbers]
