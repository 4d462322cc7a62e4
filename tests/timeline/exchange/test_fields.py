import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from timeline.exchange.fields import read_date, read_day


@pytest.mark.parametrize("text", ["2018-03-04", "March 4, 2018", "4-Mar-2018", "3/4/18"])
def test_dates_are_read_in_the_usual_ways_of_writing_them(text):
    assert str(read_date(text)) == "2018-03-04"
    assert read_day(text) == datetime.date(2018, 3, 4)


@pytest.mark.parametrize("text", ["", None])
def test_a_date_may_be_missing(text):
    assert read_date(text) is None
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("read", "text"),
    [(read_date, "soon"), (read_date, 2018), (read_day, "March 2018"), (read_day, "about 2018")],
)
def test_a_date_that_cannot_be_read_is_named(read, text):
    with override("en"), pytest.raises(ValidationError, match=str(text)):
        read(text)
