"""Read dates from separate parts, and dates that a spreadsheet program has reformatted."""

import re
import unicodedata

from django.utils.translation import gettext, gettext_lazy

from home.dates.month_names import MONTHS
from home.dates.parsing import MAX_TEXT_LENGTH, parse
from home.dates.values import DateParseError, PreciseDate
from home.text import visible

LAST_YEAR = 9999
DAY_FIRST = re.compile(r"^(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d\d)(?!\d)", re.ASCII)
SHORT_MONTH = re.compile(r"^([^\W\d_]{3,12})\.?[- /](\d\d)$")
WHOLE_NUMBER = re.compile(r"(-?\d{1,12})(?:\.0{1,12})?(?:(?<!\d{3})(?:st|nd|rd|th))?", re.ASCII)
THOUSANDS = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+", re.ASCII)
NO_MONTH = gettext_lazy("This is not a month: %(text)s.")
NO_DAY = gettext_lazy("This is not a day: %(text)s.")


class YearOutOfRange(DateParseError):
    def __init__(self, year):
        words = gettext("Its year, %(year)s, is not between 1 and %(last)s.")
        super().__init__(words % {"year": year, "last": LAST_YEAR})


def from_parts(year, month=None, day=None):
    """
    Return the date of a year, a month and a day. Each is a number or text: "March", "1,066", "2019.0",
    "c. 1998".

    :raises DateParseError: if there is no such date. Its message names the part that is wrong.
    """
    year, month, day = (number_of(value) for value in (year, month, day))
    approximate = False
    if isinstance(year, str):
        date = date_in_place_of_year(year, month, day)
        approximate, year = date.approximate, date.year
        month, day = (date.month, date.day) if date.month else (month, day)
    if isinstance(month, str):
        month = MONTHS.get(month.casefold().rstrip("."), month)
    for value, words in ((month, NO_MONTH), (day, NO_DAY)):
        if isinstance(value, str):
            raise DateParseError(words % {"text": value})
    if year is None:
        text = "-".join(str(part) for part in (month, day) if part)
        raise DateParseError(gettext("It has a month or a day but no year: %(text)s.") % {"text": text})
    if not 1 <= year <= LAST_YEAR:
        raise YearOutOfRange(year)
    if day and not month:
        raise DateParseError(gettext("It has a day but no month: day %(day)s.") % {"day": day})
    try:
        return PreciseDate(year, month or None, day or None, approximate)
    except ValueError as error:
        text = "-".join(str(part) for part in (year, month, day) if part)
        words = gettext("Its date is not in the calendar: %(text)s.") % {"text": text}
        raise DateParseError(words) from error


def readings(text):
    """Return all dates that a spreadsheet program may have turned into this text, such as "Dec-17"."""
    found = []
    for candidate in (text, DAY_FIRST.sub(r"\2/\1/\3", text), SHORT_MONTH.sub(r"1-\1-\2", text)):
        try:
            date = parse(candidate)
        except DateParseError:
            continue
        is_month = candidate != text and candidate.startswith("1-")
        found.append(PreciseDate(date.year, date.month) if is_month else date)
    return found


def number_of(value):
    """Return a year, month or day as a number; None if it is empty; otherwise the text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to print integers with thousands of digits.
        return value if abs(value) < 10**12 else "1e12…"
    text = "" if value is None else visible(str(value)[: MAX_TEXT_LENGTH + 1])
    text = unicodedata.normalize("NFKC", text).strip()
    number = re.sub("[, ]", "", text) if THOUSANDS.fullmatch(text) else text
    match = WHOLE_NUMBER.fullmatch(number)
    return int(match[1]) if match else text or None


def date_in_place_of_year(text, month, day):
    """Read a complete date that stands in the place of the year."""
    try:
        date = parse(text)
        if date.month and (month or day):
            raise DateParseError
    except DateParseError as error:
        raise DateParseError(gettext("This is not a year: %(text)s.") % {"text": text}) from error
    return date
