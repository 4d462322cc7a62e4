"""The chart and the table of a Figure. Only geometry: `components/chart.html` draws it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from home.graphics.amounts import (
    CHARACTER_WIDTH,
    PLOT_BOTTOM,
    PLOT_TOP,
    POINT,
    TEXT_HEIGHT,
    WIDTH,
    describe,
    ends_of,
    moment_of,
    period_of,
    ticks_of,
    when_of,
    words_of,
    wrapped,
)
from home.graphics.series import cross_table, draw_groups, groups_over_time

ROW_HEIGHT, BAR_TOP, BAR_HEIGHT, LABEL_HEIGHT = 46, 20, 14, 18


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

    @property
    def ends(self):
        return ends_of(self.first, self.last, PLOT_BOTTOM + TEXT_HEIGHT)

    @property
    def height(self):
        return self.ends[-1][1] + 6

    @property
    def polyline(self):
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass
class Bar:
    lines: list
    text: str
    x: int
    y: int
    width: int
    height = BAR_HEIGHT

    @property
    def label(self):
        return " ".join(self.lines)

    @property
    def texts(self):
        """The y and text of each line of its label, above the bar."""
        last = len(self.lines) - 1
        return [(self.text_y - (last - n) * LABEL_HEIGHT, line) for n, line in enumerate(self.lines)]

    @property
    def text_y(self):
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
        return self.bars[-1].y + ROW_HEIGHT - BAR_TOP


@dataclass
class Table:
    """Column headings, the last for the number, and rows: pairs of a row heading and the other cells."""

    headings: list
    rows: list


def chart_of(figure, form=""):
    """
    Return a chart of a Figure; None for fewer than two numbers.

    :param form: "lines" for one chart of all groups, "panels" for one chart each, "bars", or the best one.
    """
    numbers = list(figure.values.all())
    if len(numbers) < 2:
        return None
    if form == "bars":
        return _bars(figure, numbers)
    if groups := groups_over_time(numbers):
        return draw_groups(figure, groups, form)
    moments = [moment_of(number) for number in numbers]
    is_series = None not in moments and len(set(moments)) == len(moments)
    if is_series and not any(number.group for number in numbers):
        return _line(figure, sorted(numbers, key=moment_of))
    return _bars(figure, numbers)


def table_of(figure):
    """
    Return the Table of all numbers of a Figure, without empty columns. Groups over time have a column each.
    """
    numbers = list(figure.values.all())
    if crossed := cross_table(figure, numbers):
        return Table(*crossed)
    columns = [
        (gettext("Group"), [figure.name_of(number.group) for number in numbers]),
        (gettext("Period"), [period_of(number) for number in numbers]),
        (gettext("Published"), [words_of(number.published) for number in numbers]),
    ]
    columns = [(heading, cells) for heading, cells in columns if any(cells)]
    columns = columns or [(gettext("What is counted"), [figure.title] * len(numbers))]
    columns.append((gettext("Number"), [figure.format_value(number.value) for number in numbers]))
    headings, cells = zip(*columns, strict=True)
    return Table(list(headings), [(row[0], row[1:]) for row in zip(*cells, strict=True)])


def _line(figure, numbers):
    ticks = ticks_of(figure, numbers)
    low, high = ticks[0], ticks[-1]
    texts = [figure.format_value(tick) for tick in ticks]
    start, end = moment_of(numbers[0]), moment_of(numbers[-1])
    # The line begins to the right of the axis labels.
    left = CHARACTER_WIDTH * max(map(len, texts)) + 3 * POINT

    def y(amount):
        return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (amount - low) / (high - low))

    def x(moment):
        return left + round((WIDTH - POINT - left) * (moment - start) / (end - start))

    words = gettext("A line from %(first)s to %(last)s. The table has every number.")
    return LineChart(
        description=words % {"first": describe(figure, numbers[0]), "last": describe(figure, numbers[-1])},
        ticks=[(y(tick), text) for tick, text in zip(ticks, texts, strict=True)],
        points=[(x(moment_of(number)), y(number.value)) for number in numbers],
        first=when_of(numbers[0]),
        last=when_of(numbers[-1]),
    )


def _bars(figure, numbers):
    low = min(0, *(number.value for number in numbers))
    high = max(0, *(number.value for number in numbers))
    # Avoid a division by zero if all numbers are 0.
    scale = WIDTH / Decimal((high - low) or 1)
    # The group alone doesn't distinguish the bars if a group has numbers for several periods.
    has_times = len({when_of(number) for number in numbers}) > 1

    def label(number, room):
        name = figure.name_of(number.group)
        when = when_of(number) if has_times or not name else ""
        whole = ", ".join(filter(None, [name, when]))
        if len(whole) * CHARACTER_WIDTH <= room:
            return [whole]
        # A long name can be cut, since the table has it. The period is what tells the bars apart.
        return wrapped(name, room, max_lines=2, placeholder="…") + wrapped(when, room)

    largest = max(numbers, key=lambda number: number.value)
    words = gettext("%(count)d bars. The longest: %(largest)s. The table has every number.")
    bars, top = [], 0
    for number in numbers:
        text = figure.format_value(number.value)
        # The number has its place to the right.
        lines = label(number, WIDTH - CHARACTER_WIDTH * (len(text) + 1))
        top += LABEL_HEIGHT * max(len(lines) - 1, 0)
        bars.append(
            Bar(
                lines=lines,
                text=text,
                x=round((min(number.value, 0) - low) * scale),
                y=top + BAR_TOP,
                width=round(abs(number.value) * scale),
            )
        )
        top += ROW_HEIGHT
    return BarChart(
        description=words % {"count": len(numbers), "largest": describe(figure, largest)},
        bars=bars,
        zero=round(-low * scale),
    )
