"""The number of events in each year, drawn as squares by `components/years.html`."""

from dataclasses import dataclass

# Distance from one square to the next. The side of a square is 1.
PITCH = 1.2
# Maximum number of squares in a column. More go into further columns.
TALLEST = 8
# Years without an event are included if the first and the last year are at most this far apart.
LONGEST = 16
# If a year has more than MOST events, a square stands for several, so that no year has more than FEW squares.
MOST, FEW = 200, 64


@dataclass(unsafe_hash=True)
class Year:
    """
    A year and its events, in `across` columns of squares. `is_last` marks the year of the latest event.

    :param each: the number of events that a square stands for.
    :param query: the query string of the timeline with which it shows this year.
    """

    number: int
    count: int
    across: int
    is_last: bool = False
    each: int = 1
    query: str = ""

    @property
    def label(self):
        return f"{self.number:04}"

    @property
    def squares(self):
        return -(-self.count // self.each)

    @property
    def width(self):
        return _side(self.across)

    @property
    def height(self):
        return _side(-(-self.squares // self.across))

    @property
    def path(self):
        """The squares as an SVG path, from the bottom up, without that of the latest event."""
        return "".join(self._square(place) for place in range(self.squares - self.is_last))

    @property
    def latest(self):
        """The square of the latest event as an SVG path; empty in the other years."""
        return self._square(self.squares - 1) if self.is_last else ""

    def _square(self, place):
        up, right = divmod(place, self.across)
        top = round(self.height - up * PITCH - 1, 1)
        return f"M{right * PITCH:g} {top:g}h1v1h-1z"


def _side(squares):
    """Return the length of a row of this many squares."""
    return round(squares * PITCH - (PITCH - 1), 1)


def years_of(counts):
    """
    Return the Years from the first to the last with events; if these are far apart, those with an event.

    :param counts: the number of events by year.
    """
    if not counts:
        return []
    first, last = min(counts), max(counts)
    numbers = range(first, last + 1) if last - first < LONGEST else sorted(counts)
    most = max(counts.values())
    each = -(-most // FEW) if most > MOST else 1
    across = -(-most // (TALLEST * each))
    return [Year(number, counts.get(number, 0), across, number == last, each) for number in numbers]
