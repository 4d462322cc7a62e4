"""Assign intervals to lanes, so that no two in a lane overlap."""

import heapq

__all__ = ["assign_lanes"]


def assign_lanes(intervals):
    """
    Return the lane of each interval. Each gets the lowest free lane, so there are as few lanes as possible.

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
