"""The shapes on the axis, as `components/axis.html` draws them: bands for eras and markers for events."""

from dataclasses import dataclass

from home.dates.values import Precision
from timeline.graphics.scale import PADDING

LANE_HEIGHT, ROW_HEIGHT = 28, 24
POINT_RADIUS = 6
LABEL_GAP = 4


def percent(length, width):
    return f"{100 * length / width:.3f}%"


@dataclass
class Stretch:
    """A stretch of an axis of the given width. The label is shortened to fit, and may be empty."""

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
    def length(self):
        return percent(self.end - self.start, self.width)


@dataclass
class Band(Stretch):
    """The visible part of an era. `y` is the top of its row."""

    era: object = None

    @property
    def y(self):
        return self.lane * ROW_HEIGHT


@dataclass
class Marker(Stretch):
    """
    An event on the axis. An event whose day is not known covers its whole month or year.

    :param top: top of the first lane.
    :param is_before: whether the label is to the left of the mark. Otherwise it is to the right.
    """

    event: object = None
    top: float = 0
    is_before: bool = False

    @property
    def y(self):
        """The middle of the marker."""
        return self.top + (self.lane + 0.5) * LANE_HEIGHT

    @property
    def bar_y(self):
        return self.y - POINT_RADIUS

    @property
    def label_at(self):
        return self.left if self.is_before else self.right

    @property
    def label_dx(self):
        """The distance of the label, which is outside the area to click."""
        distance = PADDING + LABEL_GAP
        return -distance if self.is_before else distance

    @property
    def label_anchor(self):
        return "end" if self.is_before else "start"

    @property
    def is_point(self):
        """Whether the event would be too short to see, so that a square is drawn."""
        return self.end - self.start < 2 * POINT_RADIUS

    @property
    def is_open(self):
        """Whether the event is on one of these days, but it isn't known which."""
        return not self.event.end_date and self.event.date.precision is not Precision.DAY

    @property
    def is_approximate(self):
        return any(date.approximate for date in (self.event.date, self.event.end_date) if date)

    def interval(self, label_width=0):
        """Return the start and end of what the marker takes up in its lane, with a label of this width."""
        label = label_width and label_width + 2 * LABEL_GAP
        before, after = (label, 0) if self.is_before else (0, label)
        return self.start - PADDING - before, self.end + PADDING + after
