"""A hypothesis strategy for dates."""

from hypothesis import strategies as st

from home.dates.values import PreciseDate, Precision


@st.composite
def precise_dates(draw):
    date = PreciseDate.from_date(draw(st.dates()))
    precision = draw(st.sampled_from(Precision))
    return PreciseDate(
        date.year,
        date.month if precision is not Precision.YEAR else None,
        date.day if precision is Precision.DAY else None,
        approximate=draw(st.booleans()),
    )
