"""The chart and the table of a Figure. Only geometry: `components/chart.html` draws it."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext

from home.dates.values import for_people

# As narrow as a phone, so that text in the chart is as large as the text around it.
WIDTH = 360
PLOT_TOP, PLOT_BOTTOM, TEXT_HEIGHT = 20, 200, 22
ROW_HEIGHT, BAR_TOP, BAR_HEIGHT = 46, 20, 14
POINT, CHARACTER_WIDTH, MAX_LABEL = 4, 8, 34


@dataclass
class LineChart:
    """Numbers over time. `ticks` are pairs of y and text; `points` are pairs of x and y."""

    description: str
    ticks: list
    points: list
    first: str
    last: str
    kind = "line"
    width = WIDTH
    # The labels of the two ends can be long, so each has its own line.
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
        """The y of its label, above the bar."""
        return self.y - 6


@dataclass
class BarChart:
    """Numbers as horizontal bars, each with a label above. `zero` is the x of the number 0."""

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
    """Column headings, the last for the number, and rows: pairs of a row heading and the other cells."""

    headings: list
    rows: list


def chart_of(figure):
    """Return a LineChart of a Figure's time series, else a BarChart; None for fewer than two numbers."""
    numbers = list(figure.values.all())
    if len(numbers) < 2:
        return None
    moments = [_moment(number) for number in numbers]
    is_series = None not in moments and len(set(moments)) == len(moments)
    if is_series and not any(number.group for number in numbers):
        return _line(figure, sorted(numbers, key=_moment))
    return _bars(figure, numbers)


def table_of(figure):
    """Return the Table of all numbers of a Figure, without empty columns."""
    numbers = list(figure.values.all())
    columns = [
        (gettext("Group"), [number.group for number in numbers]),
        (gettext("Period"), [_period(number) for number in numbers]),
        (gettext("Published"), [_date(number.published) for number in numbers]),
    ]
    columns = [(heading, cells) for heading, cells in columns if any(cells)]
    columns = columns or [(gettext("What is counted"), [figure.title] * len(numbers))]
    columns.append((gettext("Number"), [figure.format_value(number.value) for number in numbers]))
    headings, cells = zip(*columns, strict=True)
    return Table(list(headings), [(row[0], row[1:]) for row in zip(*cells, strict=True)])


def _line(figure, numbers):
    ticks = _ticks(figure, numbers)
    low, high = ticks[0], ticks[-1]
    texts = [figure.format_value(tick) for tick in ticks]
    start, end = _moment(numbers[0]), _moment(numbers[-1])
    # The line begins to the right of the axis labels.
    left = CHARACTER_WIDTH * max(map(len, texts)) + 3 * POINT

    def y(amount):
        return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (amount - low) / (high - low))

    def x(moment):
        return left + round((WIDTH - POINT - left) * (moment - start) / (end - start))

    words = gettext("A line from %(first)s to %(last)s. The table has every number.")
    return LineChart(
        description=words % {"first": _describe(figure, numbers[0]), "last": _describe(figure, numbers[-1])},
        ticks=[(y(tick), text) for tick, text in zip(ticks, texts, strict=True)],
        points=[(x(_moment(number)), y(number.value)) for number in numbers],
        first=_when(numbers[0]),
        last=_when(numbers[-1]),
    )


def _bars(figure, numbers):
    low = min(0, *(number.value for number in numbers))
    high = max(0, *(number.value for number in numbers))
    # Avoid a division by zero if all numbers are 0.
    scale = WIDTH / Decimal((high - low) or 1)
    # The group alone doesn't distinguish the bars if a group has numbers for several periods.
    has_times = len({_when(number) for number in numbers}) > 1

    def label(number):
        words = [number.group, _when(number)] if has_times else [number.group or _when(number)]
        return Truncator(", ".join(filter(None, words))).chars(MAX_LABEL)

    largest = max(numbers, key=lambda number: number.value)
    words = gettext("%(count)d bars. The longest: %(largest)s. The table has every number.")
    return BarChart(
        description=words % {"count": len(numbers), "largest": _describe(figure, largest)},
        bars=[
            Bar(
                label=label(number),
                text=figure.format_value(number.value),
                x=round((min(number.value, 0) - low) * scale),
                y=row * ROW_HEIGHT + BAR_TOP,
                width=round(abs(number.value) * scale),
            )
            for row, number in enumerate(numbers)
        ],
        zero=round(-low * scale),
    )


def _ticks(figure, numbers):
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


def _moment(number):
    """Return the last day of a number's period, or else its day of publication; None if it has neither."""
    date = number.period_end or number.period_start or number.published
    return date.last_day if date else None


def _date(date):
    return for_people(date) if date else ""


def _period(number):
    return for_people(number.period_start, number.period_end) if number.period_start else ""


def _when(number):
    return _period(number) or _date(number.published)


def _describe(figure, number):
    """Return a number with its group and period: "590 (Downtown, 2018)"."""
    about = ", ".join(filter(None, [number.group, _when(number)]))
    text = figure.format_value(number.value)
    return f"{text} ({about})" if about else text
