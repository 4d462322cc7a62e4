from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from home.admin.number_sets.fields import NumberField


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1,234", "count", "1234"),
        (" 590 ", "count", "590"),
        ("1 234 567", "count", "1234567"),
        ("1\xa0234", "count", "1234"),
        ("-5", "count", "-5"),
        ("−5.25", "count", "-5.25"),
        ("12%", "percent", "12"),
        ("12.5 %", "percent", "12.5"),
        ("$75,000", "usd", "75000"),
        ("-$1.50", "usd", "-1.50"),
        ("$ 20", "usd", "20"),
        ("0", "count", "0"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, unit, number):
    assert NumberField(unit=unit).clean(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12%", "count"),
        ("$5", "count"),
        ("$5", "percent"),
        ("1,23", "count"),
        ("1.234,5", "count"),
        ("1.234", "count"),
        ("about 12", "count"),
        ("twelve", "count"),
        ("5 to 6", "count"),
        ("1e5", "count"),
        ("NaN", "count"),
        ("-", "count"),
        ("٣", "count"),
        ("1234567890123", "count"),
    ],
)
def test_ambiguous_numbers_are_refused(text, unit):
    with pytest.raises(ValidationError):
        NumberField(unit=unit).clean(text)
