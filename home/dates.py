"""Dates known to a precision: the day, only the month, only the year, and perhaps "about".

The stored form is a part of EDTF, the Extended Date/Time Format of ISO 8601-2:2019, level 1: a calendar date
of reduced precision, and "~" after it when it is approximate. https://www.loc.gov/standards/datetime/
"""

import datetime
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext, gettext_lazy

LONGEST_TEXT = 60


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class DateParseError(ValueError):
    """The text is not a date; `str()` tells a reader, in the active language, how to write one."""

    message = gettext_lazy(
        'Write a date such as "October 25, 2016", "December 2017", "2016" or "about 2016".'
    )

    def __init__(self, message=message):
        super().__init__(message)


@dataclass(frozen=True)
class PreciseDate:
    """A real date of the years 1 to 9999, as far as it is known; `ValueError` if there is no such date."""

    year: int
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    def __post_init__(self):
        if self.day is not None and self.month is None:
            raise ValueError("A day needs its month.")
        try:
            self.first_day  # noqa: B018 (the calendar is the judge)
        except (TypeError, OverflowError) as error:
            raise ValueError(f"Not a date: {error}") from error

    def __str__(self):
        """The EDTF text: "2017-12-05", "2017-12", "2016", "2016~"."""
        return for_machines(self) + "~" * bool(self.approximate)

    @classmethod
    def from_edtf(cls, text):
        """The date whose `str()` is this text; `DateParseError` for any other, even if it is valid EDTF."""
        match = isinstance(text, str) and _EDTF.fullmatch(text)
        if not match:
            raise DateParseError
        return _from_match(match, approximate=text.endswith("~"))

    @classmethod
    def from_date(cls, date):
        """The day of a `datetime.date`."""
        return cls(date.year, date.month, date.day)

    @property
    def precision(self):
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first_day(self):
        return datetime.date(
            self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day
        )

    @property
    def last_day(self):
        month = 12 if self.month is None else self.month
        day = monthrange(self.year, month)[1] if self.day is None else self.day
        return datetime.date(self.year, month, day)


def parse(text):
    """Read a date as people write it, in English or Spanish; `DateParseError` for anything else.

    Numbers alone are read month first, as in the United States, in either language: 3/4/18 is March 4, and
    25/10/2016 is refused, lest the order seem free. Only this form takes a year of two digits, by the fixed
    rule of POSIX (`strptime`, %y): 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068. The rule does not
    follow the clock, so a text means the same date in any year.
    """
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise DateParseError
    text = unicodedata.normalize("NFKC", text).casefold()
    text = " ".join(re.sub(r"[.,]", " ", text).split())
    text = re.sub(r" ?([-/~]) ?", r"\1", text)
    text, before = _ABOUT.subn("", text)
    exact = text.removesuffix("~")
    for pattern in _WRITTEN:
        if match := pattern.fullmatch(exact):
            return _from_match(match, approximate=bool(before) or exact != text)
    raise DateParseError


def sort_key(date):
    """Text that sorts by time: a year before its months, a month before its days, and "about" plays no part.

    The numbers have a fixed width, so the order holds whether or not a collation looks at the hyphens.
    """
    return for_machines(date)


def for_people(date, end=None):
    """The date, or the span, in the active language. `parse` reads a date back in English and in Spanish."""
    if end is not None and end != date:
        return gettext("%(start)s to %(end)s") % {"start": for_people(date), "end": for_people(end)}
    if date.precision is Precision.DAY:
        # English shortens its months ("Oct. 25"); N and M are Django's short names, F the full one.
        words = date_format(date.first_day, re.sub(r"(?<!\\)[NM]", "F", get_format("DATE_FORMAT")))
    elif date.precision is Precision.MONTH:
        words = date_format(date.first_day, "YEAR_MONTH_FORMAT")
    else:
        words = f"{date.year:04}"
    return gettext("about %(date)s") % {"date": words} if date.approximate else words


def for_machines(date):
    """A value of `<time datetime>`: a valid date, month or year string of HTML, which cannot say "about".

    https://html.spec.whatwg.org/multipage/text-level-semantics.html#datetime-value
    """
    text = f"{date.year:04}"
    for part in (date.month, date.day):
        if part is not None:
            text += f"-{part:02}"
    return text


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_NAME = rf"(?P<month>{'|'.join(_MONTHS)})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|ro| ?o)?"  # "1.º" has become "1 o"
_YEAR = r"(?P<year>\d{4})"
_OF = r" (?:(?:of|de|del) )?"
_ABOUT = re.compile(
    r"^(?:~|(?:about|around|approximately|approx|circa|ca|c"
    r"|hacia|alrededor|cerca|aproximadamente|aprox) (?:(?:the|el|del?) ){0,2})"
)
_EDTF = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?~?", re.ASCII)
_WRITTEN = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d\d)",
        r"(?P<month>\d{1,2})/(?P<year>\d{4})",
        rf"{_NAME}{_OF}{_YEAR}",
        rf"{_NAME} {_DAY}{_OF}{_YEAR}",
        rf"{_DAY}{_OF}{_NAME}{_OF}{_YEAR}",
    )
]


def _from_match(match, approximate):
    year, month, day = (match.groupdict().get(part) for part in ("year", "month", "day"))
    if len(year) == 2:
        year = f"19{year}" if year >= "69" else f"20{year}"
    try:
        return PreciseDate(
            int(year), month and (_MONTHS.get(month) or int(month)), day and int(day), approximate
        )
    except ValueError as error:
        raise DateParseError from error
