"""Read dates as people write them, in English or Spanish."""

import datetime
import re
import unicodedata

from django.utils.formats import date_format
from django.utils.translation import gettext

from home.dates.month_names import MONTHS, WEEKDAYS
from home.dates.values import DateParseError, PreciseDate, Precision, for_people
from home.text import visible

MAX_TEXT_LENGTH = 60
# Words of a date in a text, as in "lunes, 25 de octubre de 2016".
MOST_WORDS = 6
# Years of documents. Other numbers look like years, too.
_LIKELY = range(1700, 2100)
_AROUND = " .,;:()[]“”\"'"

_WEEKDAY = re.compile(rf"(?:el )?({'|'.join(WEEKDAYS)}) ")
_DASH = re.compile("[\N{HYPHEN}-\N{EM DASH}\N{MINUS SIGN}]")
_DOTTED = re.compile(r"(?<!\d)(\d{4})\.(\d{1,2})\.(\d{1,2})(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(?:(?<=\d)t|,? (?:at )?)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?:z|utc|gmt)?(?:[+-]\d\d:?(?:\d\d)?)?)$",
    re.ASCII,
)
_BETWEEN = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\s+(?:to|until|through|a|al|hasta)\s+",
        "\\s*[\N{EN DASH}\N{EM DASH}]\\s*",
        r"\s+-\s+",
        "/",
        r"(?<=\d{4})-(?=\D|\d{4}$|\d{1,2}/)",
    )
]
_EITHER_ORDER = re.compile(r"\D*0?(\d{1,2})[/-]0?(\d{1,2})[/-](?:\d{4}|\d\d)(?!\d)", re.ASCII)
_NAME = rf"(?P<month>{'|'.join(MONTHS)})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|ro| ?o)?"  # "1.º" has become "1 o"
_YEAR = r"(?P<year>\d{4})"
_OF = r" (?:(?:of|de|del) )?"
_ABOUT = re.compile(
    r"^(?:~|(?:about|around|approximately|approx|circa|ca|c"
    r"|hacia|alrededor|cerca|aproximadamente|aprox) (?:(?:the|el|del?) ){0,2})"
)
_WRITTEN = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})(?:(?P<mark>[-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?)?",
        r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<month>\d{1,2})(?P<mark>[-/])(?P<day>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)",
        r"(?P<month>\d{1,2})[-/](?P<year>\d{4})",
        rf"{_NAME}(?:{_OF}|[-/]){_YEAR}",
        rf"{_NAME}[- /]{_DAY}(?:{_OF}|[-/]){_YEAR}",
        rf"{_DAY}(?:{_OF}|[-/]){_NAME}(?:{_OF}|[-/]){_YEAR}",
        rf"{_DAY}[-/]{_NAME}[-/](?P<year>\d\d)",
        rf"{_YEAR}[- /]{_NAME}(?:[- /]{_DAY})?",
    )
]


def parse(text):
    """
    Read a date as people write it, in English or Spanish.

    A weekday before the date must be correct. A time of day after it is ignored.

    Numeric dates are read month first in either language, as in the United States: 3/4/18 is March 4.
    25/10/2016 is an error, since accepting it would suggest that either order works. So is 3.4.2018, since
    people who write dates with dots put the day first.

    Two-digit years are read only in numeric dates and in Excel's format (4-Mar-18), by the rule of POSIX
    (`strptime`, %y): 69 to 99 are 1969 to 1999, and 00 to 68 are 2000 to 2068.

    :raises DateParseError: if the text is not a date.
    """
    return parse_moment(text)[0]


def parse_moment(text):
    """Read a date and the time of day after it, a `datetime.time` or None."""
    if not isinstance(text, str) or len(text) > MAX_TEXT_LENGTH:
        raise DateParseError
    text = " ".join(_DASH.sub("-", unicodedata.normalize("NFKC", visible(text))).casefold().split())
    text, time = _without_time(text)
    text = _DOTTED.sub(r"\1-\2-\3", text)
    text = " ".join(re.sub(r"[.,]", " ", text).split())
    text = re.sub(r" ?([-/~]) ?", r"\1", text)
    text, before = _ABOUT.subn("", text)
    text, weekday = _without_weekday(text)
    exact = text.removesuffix("~")
    for pattern in _WRITTEN:
        if match := pattern.fullmatch(exact):
            date = _from_match(match, approximate=bool(before) or exact != text)
            _check_weekday(date, weekday)
            return date, time
    raise DateParseError


def parse_span(text):
    """
    Read a date or a range of dates ("March 2017 to May 2018", "2016-2018"), also as `for_people` writes it.

    :returns: the start, and the end or None.
    :raises DateParseError: if the text is neither.
    """
    try:
        return parse(text), None
    except DateParseError:
        if not isinstance(text, str) or len(text) > 2 * MAX_TEXT_LENGTH:
            raise
    for separator in _BETWEEN:
        ends = separator.split(text)
        if len(ends) == 2:
            try:
                start, end = map(parse, ends)
            except DateParseError:
                continue
            return start, end
    raise DateParseError


def first_date(text):
    """Return the first date in a text that names at least a month, or None. The longest reading counts."""
    # As in file names: "Minutes-2018-05-02".
    words = re.sub(r"(?<=[a-z]{4})[-_](?=\d)", " ", text).split()
    for start in range(len(words)):
        for end in range(min(start + MOST_WORDS, len(words)), start, -1):
            try:
                date = parse(" ".join(words[start:end]).strip(_AROUND))
            except DateParseError:
                continue
            if date.precision is not Precision.YEAR and date.year in _LIKELY:
                return date
    return None


def order_matters(text):
    """Return whether a text is a numeric date that would be another day if read day first."""
    match = _EITHER_ORDER.match(text)
    return bool(match) and match[1] != match[2] and int(match[2]) <= 12


def _from_match(match, approximate):
    year, month, day = (match.groupdict().get(part) for part in ("year", "month", "day"))
    if len(year) == 2:
        year = f"19{year}" if year >= "69" else f"20{year}"
    try:
        return PreciseDate(
            int(year), month and (MONTHS.get(month) or int(month)), day and int(day), approximate
        )
    except ValueError as error:
        raise DateParseError from error


def _without_time(text):
    """Return the text without the time at its end, and the time. Midnight counts as no time."""
    match = _TIME.search(text)
    if not match:
        return text, None
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] == "p")
    try:
        time = datetime.time(hour, minute, second)
    except ValueError as error:
        raise DateParseError from error
    return text[: match.start()], time if any((hour, minute, second)) else None


def _without_weekday(text):
    match = _WEEKDAY.match(text)
    return (text[match.end() :], WEEKDAYS[match[1]]) if match else (text, None)


def _check_weekday(date, weekday):
    if weekday is None:
        return
    if date.precision is not Precision.DAY:
        raise DateParseError
    if date.first_day.weekday() != weekday:
        words = gettext("%(date)s was a %(weekday)s.")
        day = {"date": for_people(date), "weekday": date_format(date.first_day, "l")}
        raise DateParseError(words % day)
