"""The amounts and times of a figure's numbers, for its charts and its table."""

import textwrap
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from home.dates.values import for_people

# As narrow as a phone, so that text in a chart is as large as the text around it.
WIDTH = 360
PLOT_TOP, PLOT_BOTTOM, TEXT_HEIGHT = 20, 200, 22
POINT, CHARACTER_WIDTH = 4, 8


def ticks_of(figure, numbers):
    """Return three to seven round amounts, including 0, that enclose all numbers."""
    amounts = [Decimal(0), *(Decimal(number.value) for number in numbers)]
    extent = (max(amounts) - min(amounts)) or Decimal(1)
    magnitude = Decimal(1).scaleb((extent / 3).adjusted())
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= extent / 3)
    if figure.unit == "count":
        step = max(step, Decimal(1))
    lowest = int((min(amounts) / step).to_integral_value(ROUND_FLOOR))
    highest = int((max(amounts) / step).to_integral_value(ROUND_CEILING))
    return [step * i for i in range(lowest, max(highest, lowest + 1) + 1)]


def moment_of(number):
    """Return the last day of a number's period, or else its day of publication; None if it has neither."""
    date = number.period_end or number.period_start or number.published
    return date.last_day if date else None


def words_of(date):
    return for_people(date) if date else ""


def period_of(number):
    return for_people(number.period_start, number.period_end) if number.period_start else ""


def when_of(number):
    return period_of(number) or words_of(number.published)


def wrapped(text, width=WIDTH, **options):
    """Return a text as lines that fit into a width."""
    return textwrap.wrap(text, width // CHARACTER_WIDTH, **options)


def ends_of(first, last, y):
    """Return the labels of the first and last time as (x, y, text-anchor, text), from y on. None overlap."""
    if CHARACTER_WIDTH * (len(first) + len(last) + 2) <= WIDTH:
        return [(0, y, "start", first), (WIDTH, y, "end", last)]
    lines = [(0, "start", line) for line in wrapped(first)] + [(WIDTH, "end", line) for line in wrapped(last)]
    return [(x, y + n * TEXT_HEIGHT, anchor, line) for n, (x, anchor, line) in enumerate(lines)]


def describe(figure, number):
    """
    Return a number with its group and period: "590 (Downtown, 2018)". A name in another language is left out,
    since it would be read out with the wrong voice.
    """
    name = figure.name_of(number.group)
    about = ", ".join(filter(None, ["" if name.lang else name, when_of(number)]))
    text = figure.format_value(number.value)
    return f"{text} ({about})" if about else text
