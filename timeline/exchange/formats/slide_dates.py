"""Read the dates of tables, and of files of the first TimelineJS, into the parts that a slide has."""

import datetime
import re
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from home.dates.parsing import order_matters, parse_moment, parse_span
from home.dates.parts import SHORT_MONTH, YearOutOfRange, from_parts, readings
from home.dates.values import DateParseError, PreciseDate, for_people
from timeline.exchange.formats.slide_reader import DATE_PARTS, NotAnEvent, Slide, part_of
from timeline.exchange.formats.slides import parts_of

# A slide may have years before year 1, which our own dates do not have.
OLD_YEAR = re.compile(r"-\d{1,12}")
# "2011,12,10,07,02,10", as in the JSON of the first TimelineJS.
WITH_COMMAS = re.compile(r"-?\d{1,12}(?:,\d{1,2}){0,5}")
# The first number is too large for a month, or dots mark the day, as in other countries.
NUMBERS = re.compile(r"(?:(?:1[3-9]|[23]\d)[-/]\d{1,2}[-/]|\d{1,2}\.\d{1,2}\.)\d{2,4}")
# A day between 1900 and 2173 as Excel stores it.
SERIAL = re.compile(r"[1-9]\d{4}")
EXCEL_BEGINS = datetime.date(1899, 12, 30)
WITH_SHORT_YEAR = re.compile(r"\D*\d{1,2}[-/]\w+[-/]\d\d(?!\d)")


def put_date(slide: Slide, part: str, text: str, notes: list[str]) -> None:
    """Put a date into `part` of a slide ("start_date" or "end_date"), or raise NotAnEvent."""
    text = text.strip()
    if OLD_YEAR.fullmatch(text):
        slide[part] = {"year": text}
        return
    if "," in text and WITH_COMMAS.fullmatch(text):
        names = (*DATE_PARTS, "hour", "minute", "second")
        slide[part] = dict(zip(names, text.split(","), strict=False))
        check_parts(slide, part, notes)
        return
    date, end, time = whole_date(text)
    slide[part] = texts_of(date) | parts_of_time(time)
    if end and part == "start_date" and not slide.get("end_date"):
        slide["end_date"] = texts_of(end)
    elif end:
        raise NotAnEvent(_("Its date cannot be read: %(text)s") % {"text": text})
    if date.approximate and part == "start_date":
        slide.setdefault("display_date", text)
    note_reading(text, date, notes)


def texts_of(date: PreciseDate) -> dict[str, str]:
    return {name: str(value) for name, value in parts_of(date).items()}


def parts_of_time(time: datetime.time | None) -> dict[str, str]:
    if time is None:
        return {}
    parts = {"hour": str(time.hour), "minute": f"{time.minute:02}"}
    return parts | ({"second": f"{time.second:02}"} if time.second else {})


def put_whole_date(slide: Slide, part: str, text: str, notes: list[str]) -> None:
    """Put the date of one cell beside parts from other columns. Raise NotAnEvent if they disagree."""
    separate: Slide = {part: slide.pop(part, {})}
    put_date(slide, part, text, notes)
    check_parts(separate, part, [])
    given = {name: value for name, value in separate[part].items() if name in DATE_PARTS and value}
    if given and given != {name: value for name, value in slide[part].items() if name in DATE_PARTS}:
        words = _("The columns for year, month and day give another date than %(date)s.")
        raise NotAnEvent(words % {"date": text})
    slide[part] |= {name: value for name, value in separate[part].items() if name not in DATE_PARTS}


def note_reading(text: str, date: PreciseDate, notes: list[str]) -> None:
    """Note how a text was read that could be read as another date."""
    if order_matters(text) or WITH_SHORT_YEAR.match(text):
        words = _("“%(text)s” is read as %(date)s.") % {"text": text, "date": for_people(date)}
        notes.append(f"{words} {_('Numbers are read month first.')}" if order_matters(text) else words)


def whole_date(text: str) -> tuple[PreciseDate, PreciseDate | None, datetime.time | None]:
    """Read a start, an end and a time of day. A date has an end or a time, not both."""
    try:
        date, time = parse_moment(text)
        return date, None, time
    except DateParseError as error:
        try:
            return *parse_span(text), None
        except DateParseError:
            words = _("Its date cannot be read: %(text)s") % {"text": text[:100]}
            raise NotAnEvent(f"{words}. {hint(text) or error}") from error


def hint(text: str) -> str:
    """Return advice about a date as programs write it; empty for other texts."""
    if NUMBERS.fullmatch(text):
        return _("Numbers are read month first. Write the month as a word.")
    if SERIAL.fullmatch(text):
        day = PreciseDate.from_date(EXCEL_BEGINS + datetime.timedelta(days=int(text)))
        return _("Excel keeps %(date)s as this number. Format the cell as a date.") % {
            "date": for_people(day)
        }
    if SHORT_MONTH.fullmatch(text):
        return _("It may be a month or a day. Write the year with four digits.")
    return ""


def check_parts(slide: Slide, part: str, notes: list[str]) -> None:
    """Turn the year, month and day of a slide into numbers, or raise NotAnEvent."""
    parts = part_of(slide, part)
    given = [parts.get(name) for name in DATE_PARTS]
    if not any(given):
        return
    try:
        date = from_parts(*given)
    except YearOutOfRange:
        return
    except DateParseError as error:
        words = _("Its end date cannot be read. %(why)s") if part == "end_date" else "%(why)s"
        raise NotAnEvent(" ".join(filter(None, [words % {"why": error}, hint(str(given[0]))]))) from error
    with suppress(DateParseError):
        for name, value in parts_of_time(parse_moment(str(given[0]))[1]).items():
            parts.setdefault(name, value)
    note_reading(str(given[0]), date, notes)
    wanted = texts_of(date)
    if date.approximate and part == "start_date":
        slide.setdefault("display_date", for_people(date))
    for name, part_value in zip(DATE_PARTS, given, strict=True):
        if not str(part_value or "").isdecimal() or not str(part_value).isascii():
            if name in wanted:
                parts[name] = wanted[name]
            else:
                parts.pop(name, None)


def agreed_date(text: str, parts: dict[str, Any]) -> str:
    """
    Return the date of our own column in EDTF. It must agree with the columns for year, month and day.

    Spreadsheet programs rewrite dates: "2017-12" becomes "Dec-17", and "2016-10-25" becomes "10/25/2016" or
    "25.10.2016". They keep the numbers in the other columns, which tell what such a text means.

    :raises NotAnEvent: if it cannot be read, or doesn't agree.
    """
    given = {name: str(value).lstrip("0") for name, value in parts.items() if name in DATE_PARTS and value}
    try:
        dates = [PreciseDate.from_edtf(text)]
    except DateParseError as error:
        dates = readings(str(text))
        if not dates:
            raise NotAnEvent(_("Its date cannot be read: %(text)s") % {"text": f"{text}. {error}"}) from error
    for date in dates:
        if texts_of(date) == given:
            return str(date)
    raise NotAnEvent(
        _("The columns for year, month and day give another date than %(date)s.") % {"date": text}
    )
