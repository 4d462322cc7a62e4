"""Files of events, taken apart: what each slide or row of them says, without a look at the database."""

import csv
import json
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from timeline.exchange.sheets import BY_HEADER, headline_of, slide_of_row
from timeline.exchange.slide_reader import KEY, NotAnEvent, anchors

__all__ = ["EventFile", "Item", "UnreadableFile", "read_file"]

# Of which a sheet has at least one.
REQUIRED = {"year", "start date", "headline", "unique id"}
# What a workbook may unpack to, in bytes.
LARGEST_WORKBOOK = 200 * 1024 * 1024


class UnreadableFile(ValueError):
    """A file that holds no events; `str()` says why, in words for the editor."""


@dataclass
class Item:
    """An event of a file: its slide, or why it has none."""

    number: int
    identity: str
    slide: dict
    problem: str = ""

    @property
    def record(self):
        """Our own record of the event, or None if the file has none."""
        own = self.slide.get(KEY)
        return own if isinstance(own, dict) and own.get("unique_id") else None


@dataclass
class EventFile:
    """
    All that a file says. `options` is what stands beside title, eras and events; `notes` are for the editor.
    """

    items: list
    title: dict = field(default_factory=dict)
    eras: list = field(default_factory=list)
    options: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def read_file(name, content):
    """
    Take a file apart.

    :param name: its name; what it is shows in its first bytes.
    :param content: its bytes: TimelineJS JSON, or CSV with TimelineJS's headings or ours, or XLSX with ours.
    :raises UnreadableFile: if it is none of these.
    """
    if content.startswith(b"PK\x03\x04"):
        return file_of_rows(rows_of_workbook(content))
    text = decoded(content)
    if text.lstrip().startswith(("{", "[")):
        return file_of_json(text)
    return file_of_rows(rows_of_csv(text))


def decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What older Windows programs save.
        return content.decode("cp1252", errors="replace")


def file_of_json(text):
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("This is no JSON that can be read: %(error)s") % {"error": error}) from error
    if not isinstance(data, dict) or not isinstance(data.get("events"), list):
        raise UnreadableFile(_("This JSON has no list of events, as a file of TimelineJS has."))
    title, eras = data.get("title"), data.get("eras")
    title = title if isinstance(title, dict) else {}
    return EventFile(
        numbered(title, [(number, *checked(slide)) for number, slide in enumerate(data["events"], start=1)]),
        # That of our own files is made of the timeline's name.
        title={} if KEY in title else title,
        eras=eras if isinstance(eras, list) else [],
        options={name: value for name, value in data.items() if name not in ("title", "eras", "events")},
    )


def rows_of_csv(text):
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def rows_of_workbook(content):
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_WORKBOOK:
                raise UnreadableFile(_("This workbook is too large."))
        sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return [[text_of(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, KeyError, IndexError, ValueError, SyntaxError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(_("This is no Excel workbook that can be read.")) from error


def text_of(cell):
    """What a cell of a workbook shows."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def file_of_rows(rows):
    try:
        rows = iter(rows)
        headers = [header.strip() for header in next(rows, [])]
        found = EventFile([])
        unknown = [header for header in headers if header and header.casefold() not in BY_HEADER]
        if not {header.casefold() for header in headers} & REQUIRED:
            raise UnreadableFile(
                _("The first row has none of the headings of TimelineJS, such as Year and Headline.")
            )
        if unknown:
            found.notes.append(
                _("Columns that mean nothing here are left out: %(names)s.") % {"names": ", ".join(unknown)}
            )
        slides = []
        for number, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                take_row(found, slides, number, dict(zip(headers, cells, strict=False)))
    except csv.Error as error:
        raise UnreadableFile(_("This table cannot be read: %(error)s") % {"error": error}) from error
    found.items = numbered(found.title, slides)
    return found


def take_row(found, slides, number, row):
    try:
        slide = slide_of_row(row)
    except NotAnEvent as error:
        slides.append((number, {"text": {"headline": headline_of(row)}}, str(error)))
        return
    kind = str(slide.pop("type", "")).strip().lower()
    if kind == "title" and not found.title:
        found.title = slide
    elif kind == "era":
        found.eras.append(slide)
    else:
        slides.append((number, slide, ""))


def checked(slide):
    """What may be a slide, and what is wrong if it is none."""
    return (slide, "") if isinstance(slide, dict) else ({}, _("It is not a slide."))


def numbered(title, slides):
    """Items of a number, a slide, and what is wrong with it, if anything."""
    ids = anchors(title, [slide for _number, slide, _problem in slides])
    return [
        Item(number, identity, slide, problem)
        for (number, slide, problem), identity in zip(slides, ids, strict=True)
    ]
