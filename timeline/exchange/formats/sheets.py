"""
Events as rows of a spreadsheet: the columns of TimelineJS and ours after them, one list for both directions.

https://timeline.knightlab.com/docs/using-spreadsheets.html
"""

import csv
import json
import re
import unicodedata
from html import unescape

from django.utils.translation import gettext as _

from home.exports.spreadsheets import TOO_LONG, guarded, unguarded
from home.text import clean_text, visible
from timeline.exchange.formats.limits import UnreadableFile, load_json
from timeline.exchange.formats.slide_dates import agreed_date, check_parts, put_date, put_whole_date
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, Reading, part_of
from timeline.models import EventSource

__all__ = ["HEADERS", "columns_of", "heading_key", "headline_of", "is_ours", "row_of_slide", "slide_of_row"]

# The parts of a source in a line.
SOURCE = [field.name for field in EventSource.data_fields()]
# Our columns for dates, and the part of a slide that says the same.
DATES = {"date": "start_date", "end_date": "end_date"}
# Under which a slide has the dates that stand in one cell, until all cells are taken.
WHOLE = "whole dates"
# No formula, though it may begin with a sign.
NUMBER = re.compile(r"-?\d*")
TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?(?:[:.](\d\d)(?:\.(\d+))?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


class Column:
    """A column: `give` takes its text from a slide, `take` puts it into one."""

    is_text = True

    def __init__(self, header, *path):
        self.header = header
        self.path = path

    def give(self, slide):
        value = slide
        for name in self.path:
            value = value.get(name) if isinstance(value, dict) else None
        return "" if value is None else str(value)

    def take(self, slide, text):
        if text:
            *above, name = self.path
            for step in above:
                slide = slide.setdefault(step, {})
            slide[name] = text


class Number(Column):
    """Part of a date."""

    is_text = False

    def take(self, slide, text):
        super().take(slide, text.strip())


class Time(Column):
    is_text = False

    def give(self, slide):
        parts = part_of(slide, self.path[0])
        if parts.get("hour") in (None, ""):
            return ""
        try:
            return ":".join(f"{int(parts.get(name) or 0):02}" for name in ("hour", "minute", "second"))
        except (TypeError, ValueError):
            # Of a file from elsewhere.
            return ""

    def take(self, slide, text):
        if not text:
            return
        found = TIME.fullmatch(text.strip())
        if not found:
            raise NotAnEvent(_("Its time of day cannot be read: %(text)s") % {"text": text})
        hour, minute, second, fraction, half = found.groups()
        hour = int(hour)
        if half:
            hour = hour % 12 + 12 * half.lower().startswith("p")
        values = {"hour": str(hour), "minute": minute, "second": second, "millisecond": fraction}
        slide.setdefault(self.path[0], {}).update({name: value for name, value in values.items() if value})


class WholeDate(Column):
    """A date in one cell, as in the first TimelineJS; it stays apart until all cells are taken."""

    def take(self, slide, text):
        if text:
            slide.setdefault(WHOLE, {})[self.path[0]] = text


class Background(Column):
    def give(self, slide):
        background = part_of(slide, "background")
        return str(background.get("url") or background.get("color") or "")

    def take(self, slide, text):
        if text:
            slide["background"] = {"url" if re.match(r"https?://|/", text) else "color": text}


class Ours(Column):
    """A text of the record."""

    def __init__(self, header, name):
        super().__init__(header, KEY, name)

    def take(self, slide, text):
        slide.setdefault(KEY, {})[self.path[1]] = text


class Category(Ours):
    def give(self, slide):
        return (slide[KEY].get("category") or {}).get("slug", "")

    def take(self, slide, text):
        if text:
            slide.setdefault(KEY, {})["category"] = {"slug": text, "name": unescape(slide.get("group", ""))}


class Slugs(Ours):
    """Short names with commas between."""

    def give(self, slide):
        return ", ".join(slide[KEY].get(self.path[1]) or [])

    def take(self, slide, text):
        super().take(slide, [slug for slug in re.split(r"[,\s]+", text) if slug])


class Sources(Ours):
    """A source to a line, its parts with bars between."""

    def give(self, slide):
        return "\n".join(line_of(source) for source in slide[KEY].get("sources") or [])

    def take(self, slide, text):
        lines = [line for line in text.splitlines() if line.strip()]
        rows = csv.reader(lines, delimiter="|", escapechar="\\", quoting=csv.QUOTE_NONE)
        super().take(slide, [dict(zip(SOURCE, [part.strip() for part in row], strict=False)) for row in rows])


def line_of(source):
    parts = [re.sub(r"([\\|])", r"\\\1", re.sub(r"\s+", " ", source.get(name) or "")) for name in SOURCE]
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


class More(Ours):
    """All of the record that has no column, as JSON."""

    def __init__(self, header):
        super().__init__(header, "")

    def give(self, slide):
        rest = {name: value for name, value in slide[KEY].items() if name not in NAMED}
        return json.dumps(rest, ensure_ascii=False) if rest else ""

    def take(self, slide, text):
        try:
            rest = load_json(text or "{}")
        except UnreadableFile as error:
            words = _("The column “%(header)s” cannot be read. %(why)s")
            raise NotAnEvent(words % {"header": self.header, "why": error}) from error
        if isinstance(rest, dict):
            for name, value in rest.items():
                slide.setdefault(KEY, {}).setdefault(name, value)


COLUMNS = [
    Number("Year", "start_date", "year"),
    Number("Month", "start_date", "month"),
    Number("Day", "start_date", "day"),
    Time("Time", "start_date"),
    Number("End Year", "end_date", "year"),
    Number("End Month", "end_date", "month"),
    Number("End Day", "end_date", "day"),
    Time("End Time", "end_date"),
    Column("Display Date", "display_date"),
    Column("Headline", "text", "headline"),
    Column("Text", "text", "text"),
    Column("Media", "media", "url"),
    Column("Media Credit", "media", "credit"),
    Column("Media Caption", "media", "caption"),
    Column("Media Thumbnail", "media", "thumbnail"),
    Column("Alt Text", "media", "alt"),
    Column("Type", "type"),
    Column("Group", "group"),
    Background("Background", "background"),
    Ours("Unique ID", "unique_id"),
    Ours("Slug", "slug"),
    Ours("Date", "date"),
    Ours("End", "end_date"),
    Ours("Summary", "summary"),
    Ours("Place", "place"),
    Ours("Verification", "verification"),
    Category("Category", "category"),
    Slugs("Concerns", "concerns"),
    Slugs("Partners", "partners"),
    Sources("Sources", "sources"),
    More("More"),
]
OURS = [column for column in COLUMNS if isinstance(column, Ours)]
# Headings of the first TimelineJS, which are read and never written.
OLD_COLUMNS = [
    WholeDate("Start Date", "start_date"),
    WholeDate("End Date", "end_date"),
    Column("Tag", "group"),
]
# Headings that stand for the date where a table has none of those for it, nor is ours.
ONE_DATE = [WholeDate("Date", "start_date"), WholeDate("End", "end_date")]
HEADERS = [column.header for column in COLUMNS]
IDENTITY = "unique id"
NAMED = {"title", "url"} | {column.path[1] for column in OURS}


def heading_key(header):
    """A heading, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", visible(header)).casefold().split()).rstrip(":*")


def is_ours(headers):
    """Whether a sheet with these headings is one of ours, and not of TimelineJS alone."""
    return IDENTITY in map(heading_key, headers)


def columns_of(headers):
    """
    The columns of the headings that are understood, by the heading as it is written.

    A table that is not ours may have columns of its own that are called as ours are, and mean something else.
    """
    keys = {heading_key(header) for header in headers}
    columns = [column for column in [*COLUMNS, *OLD_COLUMNS] if is_ours(headers) or column not in OURS]
    if not is_ours(headers) and not keys & {"year", "start date"}:
        columns += ONE_DATE
    if "group" in keys:
        columns = [column for column in columns if column.header != "Tag"]
    by_key = {heading_key(column.header): column for column in columns}
    return {header: by_key[heading_key(header)] for header in headers if heading_key(header) in by_key}


def row_of_slide(slide):
    """The cells of an event, in the order of `COLUMNS`. Text that a spreadsheet would compute is escaped."""
    cells = [(column, clean_text(column.give(slide))) for column in COLUMNS]
    return [guarded(text) if column.is_text or not NUMBER.fullmatch(text) else text for column, text in cells]


def headline_of(row):
    """Return the headline, by which an editor knows a row that cannot be read."""
    return next((text for header, text in row.items() if heading_key(header) == "headline"), "")


def slide_of_row(row, notes=None):
    """
    The slide that a row says.

    :param row: texts by their headings, in the order of the sheet.
    :param notes: a list that takes what an editor should know about how the row was read.
    :raises NotAnEvent: if a cell cannot be read.
    """
    ours, slide, notes = is_ours(row), {}, [] if notes is None else notes
    headers = columns_of(row)
    cells = {column: row[header] for header, column in headers.items()}
    # In the order in which the columns need each other.
    for column in sorted(cells, key=[*COLUMNS, *OLD_COLUMNS, *ONE_DATE].index):
        text = cells[column]
        if text == TOO_LONG:
            continue
        if ours and column.is_text:
            text = unguarded(text)
        elif not ours:
            text = text.strip()
        column.take(slide, text)
    whole = slide.pop(WHOLE, {})
    # The end first, so that a span in the cell of the start shows where both say an end.
    for part in reversed(DATES.values()):
        if part in whole:
            put_whole_date(slide, part, whole[part], notes)
        else:
            check_parts(slide, part, notes)
    if ours:
        complete(slide, notes)
    return slide


def complete(slide, notes):
    """Put into the record of a row of ours what the columns of TimelineJS say."""
    record = slide.setdefault(KEY, {})
    if not record.get("unique_id"):
        # A new row, in which whoever wrote it may have left our columns empty.
        slide[KEY] = {name: value for name, value in record.items() if value}
        take_dates(slide, notes)
        return
    if headline := slide.get("text", {}).get("headline"):
        record["title"] = unescape(headline)
    if group := slide.get("group"):
        record.setdefault("category", {"name": unescape(group)})
    for name, part in DATES.items():
        if part in slide and record.get(name):
            record[name] = agreed_date(record[name], slide[part])
        elif part in slide and name not in record:
            # The table lacks our own column for it.
            record[name] = str(dict(zip(DATES, Reading(slide, None).read_dates(), strict=True))[name] or "")


def take_dates(slide, notes):
    """The dates of a new row, written in words in our columns and not in those for year, month and day."""
    for name, part in DATES.items():
        text = slide[KEY].pop(name, "")
        if not text or part in slide:
            continue
        put_date(slide, part, text, notes)
        slide[part] = {name: int(value) for name, value in slide[part].items()}
        if name == "date":
            slide.setdefault("display_date", text)
