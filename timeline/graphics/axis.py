"""
The layout of a timeline drawn to scale. `components/axis.html` draws it.

Lengths are pixels of a picture that is `Axis.width` wide. The template stretches it to the width of the page:
it places everything by percent, but marks and text keep their size, so what doesn't overlap here never does.
"""

import heapq
from itertools import pairwise

from timeline.graphics.labels import shorten, text_width
from timeline.graphics.scale import PADDING, available_scales, choose_scale, days_of
from timeline.graphics.shapes import LABEL_GAP, LANE_HEIGHT, POINT_RADIUS, ROW_HEIGHT, Band, Marker
from timeline.graphics.ticks import ticks_on

BOTTOM = 8
# Minimum widths of labels. The first one with which all events fit into few lanes is used.
LABEL_WIDTHS, FEW_LANES = (200, 120, 64, 0), 10


class Axis:
    """
    The events of a timeline to scale.

    `markers` are the events in order of time, in lanes where they would overlap. `bands` are the eras, in
    rows above. `zooms` are the values of Zoom to choose from. All are empty if no event has a date.
    """

    # The minimum size of something to tap.
    target = 2 * PADDING
    radius, bar_height, label_gap = POINT_RADIUS, 2 * POINT_RADIUS, LABEL_GAP

    def __init__(self, events, eras=(), zoom=""):
        """
        :param events: have `title`, `date` and `end_date`. Those without a date are left out.
        :param eras: have `headline`, `start` and `end`. Those outside the scale are left out.
        :param zoom: the requested Zoom, if any. If the axis would be too wide, the next coarser one is used.
        """
        events = sorted((event for event in events if event.date), key=lambda each: days_of(each))
        self.zooms, self.markers, self.bands, self.ticks = [], [], [], []
        if not events:
            return
        first = min(days_of(event)[0] for event in events)
        last = max(days_of(event)[1] for event in events) - 1
        scales = available_scales(first, last)
        self.zooms = [scale.zoom for scale in scales]
        self.scale = choose_scale(scales, zoom, len(events))
        self.zoom, self.width = self.scale.zoom, self.scale.width
        self.ticks = ticks_on(self.scale)
        self.bands = self._bands(eras)
        rows = 1 + max((band.lane for band in self.bands), default=-1)
        # From top to bottom: rows of eras, the labels of the ticks, lanes of events.
        self.tick_y = rows * ROW_HEIGHT
        self.top = self.tick_y + ROW_HEIGHT
        self.markers = self._markers(events)
        lanes = 1 + max(marker.lane for marker in self.markers)
        self.height = self.top + lanes * LANE_HEIGHT + BOTTOM

    def _bands(self, eras):
        scale, bands = self.scale, []
        for era in eras:
            if not (era.start and era.end):
                continue
            start = max(era.start.first_day.toordinal(), scale.start)
            end = min(era.end.last_day.toordinal() + 1, scale.stop)
            if start < end:
                bands.append(Band(scale.x(start), scale.x(end), self.width, era=era))
        bands.sort(key=lambda band: (band.start, -band.end))
        lanes = assign_lanes([(band.start, band.end) for band in bands])
        for band, lane in zip(bands, lanes, strict=True):
            band.lane = lane
            band.label = shorten(band.era.headline, band.end - band.start - 2 * LABEL_GAP)
        return bands

    def _markers(self, events):
        markers = []
        for event in events:
            start, end = map(self.scale.x, days_of(event))
            if end - start < 2 * POINT_RADIUS:
                start = end = (start + end) / 2
            markers.append(Marker(start, end, self.width, event=event, top=self.top))
        for label_width in LABEL_WIDTHS:
            intervals = [self._place_label(marker, label_width) for marker in markers]
            lanes = assign_lanes(intervals)
            if max(lanes) < FEW_LANES:
                break
        for marker, lane in zip(markers, lanes, strict=True):
            marker.lane = lane
        self._write_labels(markers, intervals)
        return markers

    def _place_label(self, marker, label_width):
        """Put the label on the side with room for it, and return the interval that the marker takes up."""
        label = min(label_width, text_width(marker.event.title))
        marker.is_before = False
        marker.is_before = marker.interval(max(label, LABEL_WIDTHS[-2]))[1] > self.width
        if marker.interval(label)[0] < 0:
            # Neither side has room for it.
            marker.is_before, label = False, 0
        return marker.interval(label)

    def _write_labels(self, markers, intervals):
        """Give each label the free space beside its marker."""
        lanes = {}
        for marker, interval in sorted(zip(markers, intervals, strict=True), key=lambda pair: pair[1]):
            lanes.setdefault(marker.lane, []).append((marker, interval))
        edge = (None, (self.width, self.width))
        for lane in lanes.values():
            free_from = 0
            for (marker, _interval), (_next, (taken_from, _end)) in pairwise([*lane, edge]):
                start, end = marker.interval()
                space = (start - free_from if marker.is_before else taken_from - end) - 2 * LABEL_GAP
                marker.label = shorten(marker.event.title, space)
                free_from = marker.interval(text_width(marker.label))[1]


def assign_lanes(intervals):
    """
    Return the lane of each interval, counted from the top. Each gets the first free lane.

    :param intervals: pairs of a start and an end. They may touch.
    """
    lanes, free, busy, count = [0] * len(intervals), [], [], 0
    for index in sorted(range(len(intervals)), key=intervals.__getitem__):
        start, end = intervals[index]
        while busy and busy[0][0] <= start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            lanes[index] = heapq.heappop(free)
        else:
            lanes[index] = count
            count += 1
        heapq.heappush(busy, (end, lanes[index]))
    return lanes
