from hypothesis import given
from hypothesis import strategies as st

from timeline.graphics.lanes import assign_lanes


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))))
def test_lanes_are_as_few_as_possible(intervals):
    lanes = assign_lanes(intervals)
    most = max(
        (sum(start <= point < end for start, end in intervals) for point, _end in intervals), default=0
    )
    assert len(set(lanes)) == most
