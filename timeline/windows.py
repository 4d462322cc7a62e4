"""
The windows of a long timeline, which shows about a hundred events at a time, with links to the rest.

A window is a slice of the filtered events in their order, so each event is in exactly one.
"""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from timeline.graphics.years import years_of

# A timeline of up to WHOLE events is shown as a whole. In a longer one, a window has up to MOST events: whole
# years, or a part of a year that has more.
WHOLE, MOST = 200, 100


@dataclass
class Window:
    """
    A slice of the events.

    :param years: the years of its events, in order. Events without a date have none.
    :param skipped: the number of events of its years before its first; None if not all have a year.
    :param part: if it is a part of a year, which one of `parts`; else 0.
    :param query: the query string that asks for it, with all other parameters.
    """

    number: int
    start: int
    count: int
    years: list
    skipped: int | None = 0
    part: int = 0
    parts: int = 0
    query: str = ""

    @property
    def first(self):
        """The number of its first event, counted from 1."""
        return self.start + 1

    @property
    def stop(self):
        return self.start + self.count

    @property
    def label(self):
        if not self.years:
            return _("without a date")
        first, last = f"{self.years[0]:04}", f"{self.years[-1]:04}"
        if self.parts:
            facts = {"year": first, "part": self.part, "parts": self.parts}
            return _("%(year)s, part %(part)s of %(parts)s") % facts
        return first if first == last else _("%(start)s to %(end)s") % {"start": first, "end": last}


def windows_of(counts):
    """
    Divide events into Windows; at least one, which may be empty.

    :param counts: pairs of a year, or None, and its number of events, in the order of the events.
    """
    total = sum(count for _year, count in counts)
    most = total if total <= WHOLE else MOST
    windows = []
    for year, count in counts:
        years = [year] if year is not None else []
        last = windows[-1] if windows else None
        if last and not last.parts and last.count + count <= most:
            last.count += count
            last.years += years
            last.skipped = last.skipped if years else None
            continue
        first = start = last.stop if last else 0
        parts = -(-count // most)
        for part in range(1, parts + 1):
            stop = start + (count * part // parts) - (count * (part - 1) // parts)
            place = (part, parts) if parts > 1 else ()
            skipped = start - first if years else None
            windows.append(Window(len(windows) + 1, start, stop - start, years, skipped, *place))
            start = stop
    return windows or [Window(1, 0, 0, [])]


class Windows:
    """
    The windows of a timeline, and the one that a query string asks for with `page`.

    `is_known` tells whether there is such a window. If not, the first one is shown.
    """

    def __init__(self, events, parameters, newest_first=False, limit=None, counts=None):
        """
        :param events: an EventQuerySet with the filters and the order applied.
        :param parameters: a QueryDict.
        :param limit: the number of events after which the timeline ends; None for all.
        :param counts: what `events.count_by_year()` returns, if it is known.
        """
        self.events = events
        counts = events.count_by_year() if counts is None else counts
        counts = counts[::-1] if newest_first else counts
        # The number of events that match the filters.
        self.matches = sum(count for _year, count in counts)
        self.counts = within(limit, counts)
        self.all = windows_of(self.counts)
        wanted = parameters.get("page") or "1"
        is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) < 5
        self.is_known = is_number and 0 < int(wanted) <= len(self.all)
        self.current = self.all[int(wanted) - 1 if self.is_known else 0]
        rest = parameters.copy()
        for name in ("page", "event"):
            rest.pop(name, None)
        rest = rest.urlencode()
        for window in self.all:
            pairs = [rest] * bool(rest) + [f"page={window.number}"] * (window.number > 1)
            window.query = "?" * bool(pairs) + "&".join(pairs)

    @property
    def are_several(self):
        return len(self.all) > 1

    @property
    def total(self):
        return self.all[-1].stop

    @property
    def shown(self):
        """The events of the current window, as an EventQuerySet."""
        window = self.current
        if self.are_several and window.skipped is not None:
            there = self.events.begun_in(min(window.years), max(window.years))
            return there[window.skipped : window.skipped + window.count]
        return self.events[window.start : window.stop]

    @property
    def previous(self):
        return self.all[self.current.number - 2] if self.current.number > 1 else None

    @property
    def next(self):
        return self.all[self.current.number] if self.current.number < len(self.all) else None

    @property
    def beside(self):
        """The parts of a year of which the current window is one; else empty."""
        start = self.current.number - self.current.part
        return self.all[start : start + self.current.parts]

    @cached_property
    def years(self):
        """The Years of all windows. Each has the query string of the first window that shows it."""
        years = years_of({year: count for year, count in self.counts if year is not None})
        if self.are_several:
            # The first window of a year overwrites the later ones.
            windows = {year: window for window in reversed(self.all) for year in window.years}
            for year in years:
                year.query = windows[year.number].query if year.count else ""
        return years

    def query_at(self, event):
        """Return the query string of the window with an event, or None if no window has it."""
        keys = list(self.events.values_list("pk", flat=True)[: self.total])
        if event.pk not in keys:
            return None
        place = keys.index(event.pk)
        return next(window.query for window in self.all if place < window.stop)


def within(limit, counts):
    """Return as many of these counts, in order, as a limit allows."""
    if limit is None:
        return counts
    kept = []
    for year, count in counts:
        if limit > 0:
            kept.append((year, min(count, limit)))
            limit -= count
    return kept
