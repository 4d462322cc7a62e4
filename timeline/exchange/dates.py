"""Dates as exchange files write them."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from home.dates.parsing import parse
from home.dates.values import DateParseError, PreciseDate, Precision


def read_date(text: Any) -> PreciseDate | None:
    """Read a date in EDTF, or as people write it. Raise ValidationError if it cannot be read."""
    if not text:
        return None
    try:
        return PreciseDate.from_edtf(text)
    except DateParseError:
        pass
    try:
        return parse(text)
    except DateParseError as error:
        raise ValidationError(f"{str(text)[:100]}. {error}") from error


def read_day(text: Any) -> datetime.date | None:
    """Read a date that is exact to the day. Raise ValidationError if it is not."""
    date = read_date(text)
    if date and (date.precision != Precision.DAY or date.approximate):
        raise ValidationError(_("This is not a day: %(text)s.") % {"text": text})
    return date.first_day if date else None
