"""Dates in tables and in files of the first TimelineJS, made into the parts that a slide has."""

import datetime
import re
from contextlib import suppress

from django.utils.translation import gettext as _

from home.dates.parsing import order_matters, parse_moment, parse_span
from home.dates.parts import SHORT_MONTH, YearOutOfRange, from_parts, readings
from home.dates.values import DateParseError, PreciseDate, for_people
from timeline.exchange.formats.slide_reader import DATE_PARTS, NotAnEvent, part_of
from timeline.exchange.formats.slides import parts_of

__all__ = ["agreed_date", "check_parts", "put_date", "put_whole_date"]

# Years before the first are no dates of ours; a slide may have them.
OLD_YEAR = re.compile(r"-\d{1,12}")
# "2011,12,10,07,02,10", as in the JSON of the first TimelineJS.
WITH_COMMAS = re.compile(r"-?\d{1,12}(?:,\d{1,2}){0,5}")
# Days that are no months stand first, or dots between, which is how the day is marked elsewhere.
NUMBERS = re.compile(r"(?:(?:1[3-9]|[23]\d)[-/]\d{1,2}[-/]|\d{1,2}\.\d{1,2}\.)\d{2,4}")
# A day of the years from 1900 to 2173, as Excel stores it.
SERIAL = re.compile(r"[1-9]\d{4}")
EXCEL_BEGINS = datetime.date(1899, 12, 30)
WITH_YEAR_IN_SHORT = re.compile(r"\D*\d{1,2}[-/]\w+[-/]\d\d(?!\d)")


def put_date(slide, part, text, notes):
    """
    Put a date that is written in one text into a slide.

    :param part: "start_date" or "end_date".
    :param notes: takes what is to be said about how it was read.
    :raises NotAnEvent: if it cannot be read.
    """
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


def texts_of(date):
    """Return the parts of a date as the texts that a spreadsheet has."""
    return {name: str(value) for name, value in parts_of(date).items()}


def parts_of_time(time):
    if time is None:
        return {}
    parts = {"hour": str(time.hour), "minute": f"{time.minute:02}"}
    return parts | ({"second": f"{time.second:02}"} if time.second else {})


def put_whole_date(slide, part, text, notes):
    """
    Put the date of one cell into a slide. The columns for its parts, or for the time, may be there too.

    :raises NotAnEvent: if it cannot be read, or the columns say another date.
    """
    apart = {part: slide.pop(part, {})}
    put_date(slide, part, text, notes)
    check_parts(apart, part, [])
    said = {name: value for name, value in apart[part].items() if name in DATE_PARTS and value}
    if said and said != {name: value for name, value in slide[part].items() if name in DATE_PARTS}:
        words = _("The columns for year, month and day give another date than %(date)s.")
        raise NotAnEvent(words % {"date": text})
    slide[part] |= {name: value for name, value in apart[part].items() if name not in DATE_PARTS}


def note_reading(text, date, notes):
    """Tell how a text was read that somebody else could read as another date."""
    if order_matters(text) or WITH_YEAR_IN_SHORT.match(text):
        words = _("“%(text)s” is read as %(date)s.") % {"text": text, "date": for_people(date)}
        notes.append(f"{words} {_('Numbers are read month first.')}" if order_matters(text) else words)


def whole_date(text):
    """A date with its time of day, or a start and an end."""
    try:
        date, time = parse_moment(text)
        return date, None, time
    except DateParseError as error:
        try:
            return *parse_span(text), None
        except DateParseError:
            said = _("Its date cannot be read: %(text)s") % {"text": text[:100]}
            raise NotAnEvent(f"{said}. {hint(text) or error}") from error


def hint(text):
    """Return advice about an ambiguous date that a program wrote; empty for other texts."""
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


def check_parts(slide, part, notes):
    """
    Make numbers of a year, month and day that stand apart in a slide, as far as they are written otherwise.

    :raises NotAnEvent: if one of them cannot be read.
    """
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
    for name, value in zip(DATE_PARTS, given, strict=True):
        if not str(value or "").isdecimal() or not str(value).isascii():
            if name in wanted:
                parts[name] = wanted[name]
            else:
                parts.pop(name, None)


def agreed_date(text, parts):
    """
    The date of our own column, which has to be that of the columns for year, month and day.

    Spreadsheet programs rewrite dates: "2017-12" becomes "Dec-17", "2016-10-25" becomes "10/25/2016" or
    "25.10.2016". The numbers of the other columns stay, and tell what such a text means.
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
