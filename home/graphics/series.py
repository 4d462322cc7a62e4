"""Several groups over time: lines in one chart, a small chart for each, or a table of groups and times."""

from dataclasses import dataclass

from django.utils.translation import gettext

from home.graphics.amounts import (
    CHARACTER_WIDTH,
    PLOT_BOTTOM,
    PLOT_TOP,
    POINT,
    TEXT_HEIGHT,
    WIDTH,
    ends_of,
    moment_of,
    ticks_of,
    when_of,
    words_of,
)

# With more lines, nobody tells them apart. The dashes of each, so that nobody needs to see a color.
DASHES = ("none", "9 4", "2 3", "12 3 2 3")
# The name of a group has the line above the highest amount to itself.
PANEL_TOP, PANEL_HEIGHT, PANEL_GAP = 36, 64, 20


@dataclass
class Line:
    """One group. `y` is that of its name."""

    name: str
    y: int
    points: list
    dashes: str = DASHES[0]

    @property
    def polyline(self):
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass
class GroupChart:
    """Lines of several groups. `ticks` are pairs of y and text; "lines" have a legend, "panels" titles."""

    kind: str
    description: str
    ticks: list
    lines: list
    ends: list
    height: int
    width = WIDTH


def groups_over_time(numbers):
    """Return the numbers of each group in order of time, by name; {} without two groups and times."""
    groups = {}
    for number in numbers:
        groups.setdefault(number.group, []).append(number)
    for found in groups.values():
        moments = [moment_of(number) for number in found]
        if None in moments or len(set(moments)) < len(moments):
            return {}
    times = {moment_of(number) for number in numbers}
    if len(groups) < 2 or len(times) < 2 or len(times) == len(numbers):
        return {}
    return {name: sorted(found, key=moment_of) for name, found in groups.items()}


def draw_groups(figure, groups, form=""):
    """Return the GroupChart in the form that was asked for, but never more lines than can be told apart."""
    numbers = sorted((number for found in groups.values() for number in found), key=moment_of)
    ticks = ticks_of(figure, numbers)
    texts = [figure.format_value(tick) for tick in ticks]
    left = CHARACTER_WIDTH * max(map(len, texts)) + 3 * POINT
    start, end = moment_of(numbers[0]), moment_of(numbers[-1])

    def x(number):
        return left + round((WIDTH - POINT - left) * (moment_of(number) - start) / (end - start))

    def y(amount, top, bottom):
        return round(bottom - (bottom - top) * (amount - ticks[0]) / (ticks[-1] - ticks[0]))

    is_one = form == "lines" and len(groups) <= len(DASHES)
    below = PLOT_BOTTOM if is_one else len(groups) * (PANEL_TOP + PANEL_HEIGHT + PANEL_GAP) - PANEL_GAP
    ends = ends_of(when_of(numbers[0]), when_of(numbers[-1]), below + TEXT_HEIGHT)
    under_ends = ends[-1][1] + TEXT_HEIGHT
    lines, shown = [], []
    for place, (name, found) in enumerate(groups.items()):
        offset = 0 if is_one else place * (PANEL_TOP + PANEL_HEIGHT + PANEL_GAP)
        top, bottom = (
            (PLOT_TOP, PLOT_BOTTOM) if is_one else (offset + PANEL_TOP, offset + PANEL_TOP + PANEL_HEIGHT)
        )
        lines.append(
            Line(
                figure.name_of(name) or gettext("Total"),
                under_ends + place * TEXT_HEIGHT + 6 if is_one else offset + 14,
                [(x(number), y(number.value, top, bottom)) for number in found],
                DASHES[place] if is_one else DASHES[0],
            )
        )
        if not (is_one and place):
            # A small chart has room for the lowest and the highest amount only.
            chosen = range(len(ticks)) if is_one else (0, len(ticks) - 1)
            shown += [(y(ticks[i], top, bottom), texts[i]) for i in chosen]
    words = gettext("%(count)d groups over time, from %(first)s to %(last)s. The table has every number.")
    return GroupChart(
        kind="lines" if is_one else "panels",
        description=words
        % {"count": len(groups), "first": when_of(numbers[0]), "last": when_of(numbers[-1])},
        ticks=shown,
        lines=lines,
        ends=ends,
        height=under_ends + TEXT_HEIGHT * (len(lines) * is_one - 1) + 12,
    )


def cross_table(figure, numbers):
    """
    Return headings and rows with a row for each time and a column for each group, or None if a cell would
    have two numbers or a row two days of publication.
    """
    if not groups_over_time(numbers):
        return None
    groups = list(dict.fromkeys(number.group for number in numbers))
    times = {}
    for number in sorted(numbers, key=moment_of):
        times.setdefault(when_of(number), {})[number.group] = number
    published = {time: {words_of(each.published) for each in row.values()} for time, row in times.items()}
    if sum(map(len, times.values())) < len(numbers) or any(len(days) > 1 for days in published.values()):
        return None
    # Not a second time if it is what the row is named after.
    has_days = any(days - {"", time} for time, days in published.items())
    headings = [gettext("Period"), *(figure.name_of(name) or gettext("Total") for name in groups)]
    rows = [
        (
            time,
            [figure.format_value(row[name].value) if name in row else "–" for name in groups]
            + ([*published[time]] if has_days else []),
        )
        for time, row in times.items()
    ]
    return headings + ([gettext("Published")] if has_days else []), rows
