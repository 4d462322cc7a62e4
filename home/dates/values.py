"""
Dates that are known to the day, the month or only the year, and may be approximate.

They are stored in a subset of level 1 of EDTF, the Extended Date/Time Format of ISO 8601-2:2019: a date,
followed by "~" if it is approximate. https://www.loc.gov/standards/datetime/
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext, gettext_lazy

# How many dates are kept with their wording, since it takes long to format one.
DATES = 4096
EDTF = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?~?", re.ASCII)


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class DateParseError(ValueError):
    """The text is not a date. The message, in the active language, says how to write one."""

    message = gettext_lazy(
        'Write a date such as "October 25, 2016", "December 2017", "2016" or "about 2016".'
    )

    def __init__(self, message=message):
        super().__init__(message)


@dataclass(frozen=True)
class PreciseDate:
    """A date of the years 1 to 9999. Raises ValueError if there is no such date."""

    year: int
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    def __post_init__(self):
        if self.day is not None and self.month is None:
            raise ValueError("A day needs its month.")
        try:
            self.first_day  # noqa: B018 (raises if the calendar has no such day)
        except (TypeError, OverflowError) as error:
            raise ValueError(f"Not a date: {error}") from error

    def __str__(self):
        """The EDTF text: "2017-12-05", "2017-12", "2016", "2016~"."""
        return for_machines(self) + "~" * bool(self.approximate)

    @classmethod
    def from_edtf(cls, text):
        """Return the date whose `str()` is this text. Raises DateParseError for any other text."""
        if not isinstance(text, str):
            raise DateParseError
        return _read_edtf(cls, text)

    @classmethod
    def from_date(cls, date):
        return cls(date.year, date.month, date.day)

    @property
    def precision(self):
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first_day(self):
        month, day = (1 if part is None else part for part in (self.month, self.day))
        return datetime.date(self.year, month, day)

    @property
    def last_day(self):
        month = 12 if self.month is None else self.month
        day = monthrange(self.year, month)[1] if self.day is None else self.day
        return datetime.date(self.year, month, day)

    @property
    def is_to_come(self):
        """Whether the day, month or year begins after today."""
        return self.first_day > timezone.localdate()


@lru_cache(maxsize=DATES)
def _read_edtf(cls, text):
    match = EDTF.fullmatch(text)
    if not match:
        raise DateParseError
    year, month, day = (part and int(part) for part in match.group("year", "month", "day"))
    try:
        return cls(year, month, day, approximate=text.endswith("~"))
    except ValueError as error:
        raise DateParseError from error


def sort_key(date):
    """Return a text that sorts by time: a year before its months, a month before its days."""
    # Numbers have a fixed width, so the order is the same in collations that ignore hyphens.
    return for_machines(date)


def for_people(date, end=None):
    """Return a date, or a range, in the active language. `parse` reads dates back in English and Spanish."""
    return _for_people(date, end, get_language())


@lru_cache(maxsize=DATES)
def _for_people(date, end, _language):
    if end is not None and end != date:
        return gettext("%(start)s to %(end)s") % {"start": for_people(date), "end": for_people(end)}
    if date.precision is Precision.DAY:
        # English formats abbreviate months ("Oct. 25"). N and M are abbreviations, F is the full name.
        words = date_format(date.first_day, re.sub(r"(?<!\\)[NM]", "F", get_format("DATE_FORMAT")))
    elif date.precision is Precision.MONTH:
        words = date_format(date.first_day, "YEAR_MONTH_FORMAT")
    else:
        words = f"{date.year:04}"
    return gettext("about %(date)s") % {"date": words} if date.approximate else words


def for_machines(date):
    """
    Return a value for the `datetime` attribute of HTML, which cannot express "about".

    https://html.spec.whatwg.org/multipage/text-level-semantics.html#datetime-value
    """
    parts = [f"{part:02}" for part in (date.month, date.day) if part is not None]
    return "-".join([f"{date.year:04}", *parts])
