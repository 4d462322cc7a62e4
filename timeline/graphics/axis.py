"""
The geometry of a timeline drawn to scale. Nothing here is HTML or database; `components/axis.html` draws it.

Lengths are pixels of a picture of `Axis.width`, which grows with what it stands in: across, the template
places everything by percent, and marks and words keep their size, so what does not overlap here never does.
"""

import datetime as dt
import heapq
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from home.dates.values import Precision

__all__ = ["Axis", "Zoom", "days_of", "lanes_of"]

# As narrow as a phone; and what a browser still scrolls with ease.
LEAST_WIDTH, MOST_WIDTH = 288, 24_000
# A picture that is opened without a zoom is at least so wide, and has so much width for each event.
READABLE_WIDTH, WIDTH_OF_EVENT = 640, 4
# A fingertip: the least that a link takes, both ways.
TARGET = 24
PADDING = TARGET / 2
LANE_HEIGHT, ROW_HEIGHT, BOTTOM = 28, 24, 8
POINT_RADIUS = 6
LABEL_GAP, FEWEST_CHARACTERS = 4, 6
# What each label may have at least, from what is best on, as long as the lanes stay so few.
RESERVES, FEW_LANES = (200, 120, 64, 0), 10
# For words of 13 pixels: enough for a small letter, a capital, and a letter of Chinese.
SMALL, CAPITAL, WIDE = 8, 10, 14
TICK_DISTANCE = 48
YEAR = 365.25
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
LAST_YEAR = dt.MAXYEAR


class Zoom(TextChoices):
    """How close the picture is: what stands between two of its ticks."""

    DECADE = "decade", _("Decades")
    YEAR = "year", _("Years")
    MONTH = "month", _("Months")


# Pixels of a year.
SCALES = {Zoom.DECADE: 12, Zoom.YEAR: 96, Zoom.MONTH: 12 * 72}


@dataclass
class Tick:
    """A line across the picture at the beginning of a month, a year or some years; `label` may be empty."""

    x: float
    label: str
    width: float

    @property
    def left(self):
        return percent(self.x, self.width)


@dataclass
class Stretch:
    """
    What lies from `start` to `end` in a picture of `width`; `label` is cut to its room, perhaps to nothing.
    """

    start: float
    end: float
    width: float
    lane: int = 0
    label: str = ""

    @property
    def left(self):
        return percent(self.start, self.width)

    @property
    def right(self):
        return percent(self.end, self.width)

    @property
    def middle(self):
        return percent((self.start + self.end) / 2, self.width)

    @property
    def length(self):
        return percent(self.end - self.start, self.width)


@dataclass
class Band(Stretch):
    """An era, as far as it lies in the picture; `y` is the top of its row."""

    era: object = None

    @property
    def y(self):
        return self.lane * ROW_HEIGHT


@dataclass
class Marker(Stretch):
    """
    An event: from its beginning to its end, or over the days among which its day is.

    `is_point` where this would be too short to be seen, `is_open` where the day is one of those it spans, and
    `is_approximate` where they are not sure themselves. `y` is its middle; its label stands after it, or
    before it where `is_before`.
    """

    event: object = None
    top: float = 0
    is_before: bool = False

    @property
    def y(self):
        return self.top + (self.lane + 0.5) * LANE_HEIGHT

    @property
    def bar_y(self):
        return self.y - POINT_RADIUS

    @property
    def label_at(self):
        return self.left if self.is_before else self.right

    @property
    def label_dx(self):
        """From the mark to its label, beyond what of it is pressed."""
        distance = PADDING + LABEL_GAP
        return -distance if self.is_before else distance

    @property
    def label_anchor(self):
        return "end" if self.is_before else "start"

    @property
    def is_point(self):
        return self.end - self.start < 2 * POINT_RADIUS

    @property
    def is_open(self):
        return not self.event.end_date and self.event.date.precision is not Precision.DAY

    @property
    def is_approximate(self):
        return any(date.approximate for date in (self.event.date, self.event.end_date) if date)

    def room(self, label=0):
        """What it takes of its lane, from where to where, with a label so long."""
        label = label and label + 2 * LABEL_GAP
        before, after = (label, 0) if self.is_before else (0, label)
        return self.start - PADDING - before, self.end + PADDING + after


class Axis:
    """
    The events of a timeline to scale: `markers` in the order of time, in lanes where they would overlap;
    `bands`, the eras in rows above; `ticks`; and `zooms`, those that there are.
    """

    target, radius, label_gap = TARGET, POINT_RADIUS, LABEL_GAP
    bar_height, row_height = 2 * POINT_RADIUS, ROW_HEIGHT

    def __init__(self, events, eras=(), zoom=""):
        """
        :param events: have `title`, `date` and `end_date`; those without a date are left out.
        :param eras: have `headline`, `start` and `end`; those that no event is near are left out.
        :param zoom: a Zoom. The next coarser one is taken where the picture would be too wide, and one in
            which the events can be told apart if none is named.
        """
        events = sorted((event for event in events if event.date), key=lambda each: days_of(each))
        self.zooms, self.markers, self.bands, self.ticks = [], [], [], []
        if not events:
            return
        first = min(days_of(event)[0] for event in events)
        last = max(days_of(event)[1] for event in events) - 1
        domains = {each: _domain(each, first, last) for each in Zoom}
        widths = {each: _width(each, *domains[each]) for each in Zoom}
        self.zooms = [each for each in Zoom if each is Zoom.DECADE or widths[each] <= MOST_WIDTH]
        self.zoom = self._zoom(zoom, widths, len(events))
        self.first, self.after = domains[self.zoom]
        self.width = min(widths[self.zoom], MOST_WIDTH)
        self.ticks = self._ticks()
        self.bands = self._bands(eras)
        rows = 1 + max((band.lane for band in self.bands), default=-1)
        # Where the ticks have their words; below it are the lanes.
        self.tick_y = rows * ROW_HEIGHT
        self.top = self.tick_y + ROW_HEIGHT
        self.markers = self._markers(events)
        lanes = 1 + max(marker.lane for marker in self.markers)
        self.height = self.top + lanes * LANE_HEIGHT + BOTTOM

    def x(self, day):
        """Where a day begins, given by its ordinal."""
        return PADDING + (day - self.first) * (self.width - 2 * PADDING) / (self.after - self.first)

    def _zoom(self, asked, widths, count):
        finer = [*reversed(self.zooms)]
        if asked in Zoom.values:
            return next(each for each in finer if SCALES[each] <= SCALES[asked])
        wanted = max(READABLE_WIDTH, count * WIDTH_OF_EVENT)
        return next((each for each in self.zooms if widths[each] >= wanted), finer[0])

    def _ticks(self):
        first, last = dt.date.fromordinal(self.first), dt.date.fromordinal(self.after - 1)
        if self.zoom is Zoom.MONTH:
            months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
            days = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
            labels = [_month_label(day, is_first=day == first) for day in days]
        else:
            pixels = YEAR * (self.x(1) - self.x(0))
            least = 10 if self.zoom is Zoom.DECADE else 1
            fits = (each for each in YEAR_STEPS if each >= least and each * pixels >= TICK_DISTANCE)
            step = next(fits, YEAR_STEPS[-1])
            years = range(-(-first.year // step) * step, last.year + 1, step)
            days = [first] * (first.year == 1) + [dt.date(year, 1, 1) for year in years if year > 1]
            labels = [f"{day.year:04}" for day in days]
        ticks = [
            Tick(self.x(day.toordinal()), label, self.width) for day, label in zip(days, labels, strict=True)
        ]
        for tick, after in pairwise([*ticks, Tick(self.width, "", self.width)]):
            tick.label = tick.label if words_width(tick.label) + LABEL_GAP <= after.x - tick.x else ""
        return ticks

    def _bands(self, eras):
        bands = []
        for era in eras:
            if not (era.start and era.end):
                continue
            start = max(era.start.first_day.toordinal(), self.first)
            end = min(era.end.last_day.toordinal() + 1, self.after)
            if start < end:
                bands.append(Band(self.x(start), self.x(end), self.width, era=era))
        bands.sort(key=lambda band: (band.start, -band.end))
        for band, lane in zip(bands, lanes_of([(band.start, band.end) for band in bands]), strict=True):
            band.lane = lane
            band.label = cut(band.era.headline, band.end - band.start - 2 * LABEL_GAP)
        return bands

    def _markers(self, events):
        markers = []
        for event in events:
            start, end = map(self.x, days_of(event))
            if end - start < 2 * POINT_RADIUS:
                start = end = (start + end) / 2
            markers.append(Marker(start, end, self.width, event=event, top=self.top))
        for reserve in RESERVES:
            rooms = [self._room(marker, reserve) for marker in markers]
            lanes = lanes_of(rooms)
            if max(lanes) < FEW_LANES:
                break
        for marker, lane in zip(markers, lanes, strict=True):
            marker.lane = lane
        self._write_labels(markers, rooms)
        return markers

    def _room(self, marker, reserve):
        """What the marker takes with as much of its label as is reserved, on the side on which this fits."""
        label = min(reserve, words_width(marker.event.title))
        marker.is_before = False
        marker.is_before = marker.room(max(label, RESERVES[-2]))[1] > self.width
        if marker.room(label)[0] < 0:
            # Neither side has room, so it stands without.
            marker.is_before, label = False, 0
        return marker.room(label)

    def _write_labels(self, markers, rooms):
        """Let each label have all that is free beside it in its lane."""
        lanes = {}
        for marker, room in sorted(zip(markers, rooms, strict=True), key=lambda pair: pair[1]):
            lanes.setdefault(marker.lane, []).append((marker, room))
        edge = (None, (self.width, self.width))
        for lane in lanes.values():
            free = 0
            for (marker, _room), (_after, (taken, _right)) in pairwise([*lane, edge]):
                left, right = marker.room()
                space = (left - free if marker.is_before else taken - right) - 2 * LABEL_GAP
                marker.label = cut(marker.event.title, space)
                free = marker.room(words_width(marker.label))[1]


def days_of(event):
    """The ordinals of the first day on which an event may be, and of the day after its last."""
    last = (event.end_date or event.date).last_day
    return event.date.first_day.toordinal(), max(event.date.last_day, last).toordinal() + 1


def lanes_of(rooms):
    """
    The lane of each room, the first one that is free from its left on, so that in no lane two rooms overlap.

    :param rooms: pairs of a left and a right; they may touch.
    """
    lanes, free, busy, count = [0] * len(rooms), [], [], 0
    for index in sorted(range(len(rooms)), key=rooms.__getitem__):
        left, right = rooms[index]
        while busy and busy[0][0] <= left:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            lanes[index] = heapq.heappop(free)
        else:
            lanes[index] = count
            count += 1
        heapq.heappush(busy, (right, lanes[index]))
    return lanes


def words_width(text):
    """About how long a text is when it is drawn, rather more than less."""
    return sum(map(_character_width, text))


def cut(text, room):
    """As much of the text as fits, and nothing if that would be a few letters."""
    if words_width(text) <= room:
        return text
    room -= SMALL * 1.5  # the three dots
    length = 0
    for character in text:
        room -= _character_width(character)
        if room < 0:
            break
        length += 1
    return f"{text[:length].rstrip()}…" if length >= FEWEST_CHARACTERS else ""


def percent(length, width):
    return f"{100 * length / width:.3f}%"


def _character_width(character):
    if east_asian_width(character) in "WF":
        return WIDE
    return CAPITAL if character.isupper() else SMALL


def _domain(zoom, first, last):
    """The ordinals of the first day of the picture and of the day after its last: whole years, or months."""
    first, last = dt.date.fromordinal(first), dt.date.fromordinal(last)
    if zoom is Zoom.MONTH:
        return _beginning(first.year, first.month), _beginning(last.year, last.month + 1)
    year = first.year // 10 * 10 if zoom is Zoom.DECADE else first.year
    return _beginning(max(year, 1)), _beginning(last.year + 1)


def _beginning(year, month=1):
    """The ordinal of the first day of a month; 13 is the January after it. The calendar ends with 9999."""
    year, month = (year + 1, 1) if month > 12 else (year, month)
    return dt.date.max.toordinal() + 1 if year > LAST_YEAR else dt.date(year, month, 1).toordinal()


def _width(zoom, first, after):
    return max(LEAST_WIDTH, 2 * PADDING + (after - first) * SCALES[zoom] / YEAR)


def _month_label(day, is_first):
    if day.month == 1:
        return f"{day.year:04}"
    month = date_format(day, "M")
    return f"{month} {day.year:04}" if is_first else month
