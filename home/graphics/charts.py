"""The geometry of a figure's chart, and its table. Nothing here is HTML; `components/chart.html` draws it."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext

from home.dates import values

__all__ = ["BarChart", "LineChart", "Table", "chart_of", "table_of"]

# As narrow as a phone, so that words drawn in it stay as large as the text around it.
WIDTH = 360
PLOT_TOP, PLOT_BOTTOM, TEXT_HEIGHT = 20, 200, 22
ROW_HEIGHT, BAR_TOP, BAR_HEIGHT = 46, 20, 14
POINT, CHARACTER_WIDTH, LONGEST_LABEL = 4, 8, 34


@dataclass
class LineChart:
    """Values over time: `ticks` of (y, text), `points` of (x, y), and the words below the axis."""

    description: str
    ticks: list
    points: list
    first: str
    last: str
    kind = "line"
    width = WIDTH
    # The words for the two ends may be long, so each has a line.
    first_y = PLOT_BOTTOM + TEXT_HEIGHT
    last_y = first_y + TEXT_HEIGHT
    height = last_y + 6

    @property
    def polyline(self):
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass
class Bar:
    label: str
    text: str
    x: int
    y: int
    width: int
    height = BAR_HEIGHT

    @property
    def text_y(self):
        """Where its words stand: above it."""
        return self.y - 6


@dataclass
class BarChart:
    """Values side by side, each a horizontal bar below its words; `zero` is the x of nothing."""

    description: str
    bars: list
    zero: int
    kind = "bars"
    width = WIDTH

    @property
    def height(self):
        return ROW_HEIGHT * len(self.bars)


@dataclass
class Table:
    """Column headings, the last of them the value's; rows of a heading and the cells after it."""

    headings: list = field(default_factory=list)
    rows: list = field(default_factory=list)


def chart_of(figure):
    """
    The chart of a Figure: a line where its values are a series in time, bars where they differ otherwise.

    :returns: a LineChart, a BarChart, or None if there are not two values to compare.
    """
    values = list(figure.values.all())
    if len(values) < 2:
        return None
    moments = [_moment(value) for value in values]
    is_series = None not in moments and len(set(moments)) == len(moments)
    if is_series and not any(value.group for value in values):
        return _line(figure, sorted(values, key=_moment))
    return _bars(figure, values)


def table_of(figure):
    """The Table of all values of a Figure, without the columns that would be empty."""
    values = list(figure.values.all())
    columns = [
        (gettext("Group"), [value.group for value in values]),
        (gettext("Period"), [_period(value) for value in values]),
        (gettext("Published"), [_date(value.published) for value in values]),
    ]
    columns = [(heading, cells) for heading, cells in columns if any(cells)]
    columns = columns or [(gettext("What is counted"), [figure.title] * len(values))]
    columns.append((gettext("Number"), [figure.format_value(value.value) for value in values]))
    headings, cells = zip(*columns, strict=True)
    return Table(list(headings), [(row[0], row[1:]) for row in zip(*cells, strict=True)])


def _line(figure, values):
    ticks = _ticks(figure, values)
    low, high = ticks[0], ticks[-1]
    texts = [figure.format_value(tick) for tick in ticks]
    start, end = _moment(values[0]), _moment(values[-1])
    # The line begins right of the amounts.
    left = CHARACTER_WIDTH * max(map(len, texts)) + 3 * POINT

    def y(amount):
        return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (amount - low) / (high - low))

    def x(moment):
        return left + round((WIDTH - POINT - left) * (moment - start) / (end - start))

    return LineChart(
        description=gettext("A line from %(first)s to %(last)s. The table has every value.")
        % {"first": _in_words(figure, values[0]), "last": _in_words(figure, values[-1])},
        ticks=[(y(tick), text) for tick, text in zip(ticks, texts, strict=True)],
        points=[(x(_moment(value)), y(value.value)) for value in values],
        first=_when(values[0]),
        last=_when(values[-1]),
    )


def _bars(figure, values):
    low = min(0, *(value.value for value in values))
    high = max(0, *(value.value for value in values))
    # Values that are all 0 have bars of no length, whatever the scale.
    scale = WIDTH / Decimal((high - low) or 1)
    # Where groups are counted at more than one time, the group alone doesn't tell bars apart.
    has_times = len({_when(value) for value in values}) > 1

    def label(value):
        words = [value.group, _when(value)] if has_times else [value.group or _when(value)]
        return Truncator(", ".join(filter(None, words))).chars(LONGEST_LABEL)

    largest = max(values, key=lambda value: value.value)
    return BarChart(
        description=gettext("%(count)d bars. The longest: %(largest)s. The table has every value.")
        % {"count": len(values), "largest": _in_words(figure, largest)},
        bars=[
            Bar(
                label=label(value),
                text=figure.format_value(value.value),
                x=round((min(value.value, 0) - low) * scale),
                y=row * ROW_HEIGHT + BAR_TOP,
                width=round(abs(value.value) * scale),
            )
            for row, value in enumerate(values)
        ],
        zero=round(-low * scale),
    )


def _ticks(figure, values):
    """Three to seven round amounts, 0 among them, from below the lowest value to above the highest."""
    amounts = [Decimal(0), *(Decimal(value.value) for value in values)]
    reach = (max(amounts) - min(amounts)) or Decimal(1)
    magnitude = Decimal(1).scaleb((reach / 3).adjusted())
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= reach / 3)
    if figure.unit == "count":
        step = max(step, Decimal(1))
    lowest = int((min(amounts) / step).to_integral_value(ROUND_FLOOR))
    highest = int((max(amounts) / step).to_integral_value(ROUND_CEILING))
    return [step * i for i in range(lowest, max(highest, lowest + 1) + 1)]


def _moment(value):
    """The last day that a value is about, or on which it was published; None if neither is known."""
    date = value.period_end or value.period_start or value.published
    return date.last_day if date else None


def _date(date):
    return values.for_people(date) if date else ""


def _period(value):
    return values.for_people(value.period_start, value.period_end) if value.period_start else ""


def _when(value):
    return _period(value) or _date(value.published)


def _in_words(figure, value):
    """A value and what it is about: "590 (Downtown, 2018)"."""
    about = ", ".join(filter(None, [value.group, _when(value)]))
    text = figure.format_value(value.value)
    return f"{text} ({about})" if about else text
