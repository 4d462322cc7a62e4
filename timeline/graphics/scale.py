"""The scale of the axis: which days it shows, and where each of them is."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The width of a phone, and a width that browsers still scroll smoothly.
MIN_WIDTH, MAX_WIDTH = 288, 24_000
# Unless a zoom is asked for, the axis is at least this wide, and has this much room for each event.
READABLE_WIDTH, WIDTH_PER_EVENT = 640, 4
# Free space on the left and on the right.
PADDING = 12
DAYS_PER_YEAR = 365.25


class Zoom(TextChoices):
    """The distance between two ticks."""

    DECADE = "decade", _("Decades")
    YEAR = "year", _("Years")
    MONTH = "month", _("Months")


PIXELS_PER_YEAR = {Zoom.DECADE: 12, Zoom.YEAR: 96, Zoom.MONTH: 12 * 72}


@dataclass(frozen=True)
class Scale:
    """The days that an axis shows, as ordinals, and its width in pixels. `stop` is the day after the last."""

    zoom: Zoom
    start: int
    stop: int

    @classmethod
    def around(cls, zoom, first, last):
        """Return the scale of whole decades, years or months around two days, given as ordinals."""
        first, last = dt.date.fromordinal(first), dt.date.fromordinal(last)
        if zoom is Zoom.MONTH:
            return cls(zoom, _first_of(first.year, first.month), _first_of(last.year, last.month + 1))
        year = first.year // 10 * 10 if zoom is Zoom.DECADE else first.year
        return cls(zoom, _first_of(max(year, 1)), _first_of(last.year + 1))

    @property
    def natural_width(self):
        """The width of the axis if it may be as wide as it likes."""
        pixels = (self.stop - self.start) * PIXELS_PER_YEAR[self.zoom] / DAYS_PER_YEAR
        return max(MIN_WIDTH, 2 * PADDING + pixels)

    @property
    def width(self):
        return min(self.natural_width, MAX_WIDTH)

    def x(self, day):
        """Return the position where a day begins, given as an ordinal."""
        return PADDING + (day - self.start) * (self.width - 2 * PADDING) / (self.stop - self.start)


def available_scales(first, last):
    """Return the scales that aren't too wide, from coarse to fine. The coarsest is always available."""
    scales = [Scale.around(zoom, first, last) for zoom in Zoom]
    return [scale for scale in scales if scale.zoom is Zoom.DECADE or scale.natural_width <= MAX_WIDTH]


def choose_scale(scales, zoom, event_count):
    """
    Choose one of the available scales.

    :param zoom: the requested Zoom; if it isn't available, the next coarser one is used. Without one, the
        coarsest scale on which the events can be told apart is used.
    """
    if zoom in Zoom.values:
        limit = PIXELS_PER_YEAR[zoom]
        return next(scale for scale in reversed(scales) if PIXELS_PER_YEAR[scale.zoom] <= limit)
    wanted = max(READABLE_WIDTH, event_count * WIDTH_PER_EVENT)
    return next((scale for scale in scales if scale.natural_width >= wanted), scales[-1])


def days_of(event):
    """Return the ordinals of the first day on which an event may be, and of the day after its last."""
    last = (event.end_date or event.date).last_day
    return event.date.first_day.toordinal(), max(event.date.last_day, last).toordinal() + 1


def _first_of(year, month=1):
    """Return the ordinal of the first day of a month; 13 is the next January. The calendar ends with 9999."""
    year, month = (year + 1, 1) if month > 12 else (year, month)
    return dt.date.max.toordinal() + 1 if year > dt.MAXYEAR else dt.date(year, month, 1).toordinal()
