"""The ticks of the axis: lines at the beginnings of months or years, with labels."""

import datetime as dt
from itertools import pairwise

from django.utils.formats import date_format

from timeline.graphics.labels import text_width
from timeline.graphics.scale import DAYS_PER_YEAR, Zoom
from timeline.graphics.shapes import LABEL_GAP, Stretch

# Minimum distance between two ticks, in pixels.
MIN_DISTANCE = 48
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def ticks_on(scale):
    """
    Return the ticks of a scale in order, as stretches without a length.

    The label of a tick is empty if there is no room for it.
    """
    first, last = dt.date.fromordinal(scale.start), dt.date.fromordinal(scale.stop - 1)
    if scale.zoom is Zoom.MONTH:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        days = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
        labels = [_month_label(day, is_first=day == first) for day in days]
    else:
        step = _years_between_ticks(scale)
        years = range(-(-first.year // step) * step, last.year + 1, step)
        days = [first] * (first.year == 1) + [dt.date(year, 1, 1) for year in years if year > 1]
        labels = [f"{day.year:04}" for day in days]
    ticks = []
    for day, label in zip(days, labels, strict=True):
        x = scale.x(day.toordinal())
        ticks.append(Stretch(x, x, scale.width, label=label))
    for tick, following in pairwise([*ticks, Stretch(scale.width, scale.width, scale.width)]):
        if text_width(tick.label) + LABEL_GAP > following.start - tick.start:
            tick.label = ""
    return ticks


def _years_between_ticks(scale):
    pixels = DAYS_PER_YEAR * (scale.x(1) - scale.x(0))
    minimum = 10 if scale.zoom is Zoom.DECADE else 1
    fitting = (step for step in YEAR_STEPS if step >= minimum and step * pixels >= MIN_DISTANCE)
    return next(fitting, YEAR_STEPS[-1])


def _month_label(day, is_first):
    if day.month == 1:
        return f"{day.year:04}"
    month = date_format(day, "M")
    return f"{month} {day.year:04}" if is_first else month
