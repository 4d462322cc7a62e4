"""Read files of events in any format, without looking at the database."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.encodings import decode
from home.text import clean_data
from timeline.exchange.formats.csv_files import table_of_csv
from timeline.exchange.formats.event_list import is_event_list, row_of_list
from timeline.exchange.formats.json_files import data_of_json, era_of_json, slide_of_json
from timeline.exchange.formats.limits import UnreadableFile, short
from timeline.exchange.formats.sheets import headline_of, slide_of_row
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, Slide
from timeline.exchange.formats.tables import Line, Table
from timeline.exchange.formats.workbooks import table_of_workbook
from timeline.exchange.matching.duplicates import note_duplicates
from timeline.exchange.matching.items import Item

ZIP = b"PK\x03\x04"
# The name of a part by which an archive can be recognized.
WORKBOOK = b"xl/workbook"
ARCHIVES = {
    b"word/document": gettext_lazy("a Word file"),
    b"ppt/presentation": gettext_lazy("a PowerPoint file"),
    b"opendocument": gettext_lazy("an OpenDocument (LibreOffice) file"),
    b"Index/Document.iwa": gettext_lazy("an Apple Numbers, Pages or Keynote file"),
}
# By the first bytes of a file.
OTHERS = {
    b"%PDF": gettext_lazy("a PDF"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("an old Office file (.xls, .doc), or one with a password"),
    b"\x89PNG": gettext_lazy("an image"),
    b"GIF8": gettext_lazy("an image"),
    b"\xff\xd8\xff": gettext_lazy("an image"),
    b"RIFF": gettext_lazy("an image or a recording"),
    b"{\\rtf": gettext_lazy("a rich text file"),
    b"SQLite": gettext_lazy("a database"),
    b"\x1f\x8b": gettext_lazy("an archive"),
}


def is_workbook(content: bytes) -> bool:
    return content.startswith(ZIP) and WORKBOOK in content


def refuse_other_kinds(content: bytes) -> None:
    """Raise UnreadableFile for a file that is not text, naming its kind."""
    kind: str | Promise | None
    if content.startswith(ZIP):
        kind = next((words for part, words in ARCHIVES.items() if part in content), _("an archive"))
    else:
        kind = next((words for start, words in OTHERS.items() if content.startswith(start)), None)
    if kind:
        raise unexpected(kind)
    if not content.strip():
        raise UnreadableFile(_("This file is empty."))


def unexpected(kind: str | Promise) -> UnreadableFile:
    words = _("This is %(kind)s. Send TimelineJS JSON, a CSV file, or an Excel workbook (.xlsx).")
    return UnreadableFile(words % {"kind": kind})


# The first TimelineJS loaded its JSON as a script.
SCRIPT = re.compile(
    r"(?://[^\n]*\n\s*)*(?:export default\s*|(?:(?:var|let|const) )?[\w.]{1,50}\s*[=(]\s*)?(?=[{\[])"
)
# The type of the title slide; "start" is that of the first TimelineJS.
TITLES = ("title", "start")
WEB_PAGE = ("<!doctype", "<html", "<?xml", "<svg")


@dataclass
class EventFile:
    """The content of a file of events. `notes` tell the editor how it was read."""

    items: list[Item] = field(default_factory=list)
    title: Slide = field(default_factory=dict)
    eras: list[Slide] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_file(content: bytes, most: int | None = None) -> EventFile:
    """Read a file of at most `most` events. Raise UnreadableFile if it has no events that can be read."""
    if is_workbook(content):
        file = read_table(table_of_workbook(content), most)
    else:
        refuse_other_kinds(content)
        file = read_text(content, most)
    note_duplicates(file.items)
    return file


def read_text(content: bytes, most: int | None) -> EventFile:
    try:
        decoded = decode(content)
    except UnicodeDecodeError as error:
        raise unexpected(_("not a text file")) from error
    if "\0" in decoded.text:
        raise unexpected(_("not a text file"))
    text = decoded.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \t\r\n")
    if text.lower().startswith(WEB_PAGE):
        raise unexpected(_("a web page"))
    if script := SCRIPT.match(text):
        text = text[script.end() :].rstrip("); \t\r\n")
    if text.startswith(("{", "[")):
        file = read_json(text, most)
    else:
        file = read_table(table_of_csv(decoded.text), most)
    if decoded.encoding:
        words = _("The file does not say its encoding. It was read as %(encoding)s; please check: %(words)s.")
        facts = {"encoding": decoded.encoding, "words": short(", ".join(decoded.samples))}
        file.notes.insert(0, words % facts)
    return file


def check_count(count: int, most: int | None) -> None:
    if most is not None and count > most:
        words = _(
            "This file has %(count)s events or eras, more than %(most)s. The command import_events takes it."
        )
        raise UnreadableFile(words % {"count": f"{count:,}", "most": f"{most:,}"})


def read_json(text: str, most: int | None) -> EventFile:
    data = clean_data(data_of_json(text))
    title, eras = data.get("title"), data.get("eras")
    check_count(max(len(data["events"]), len(eras) if isinstance(eras, list) else 0), most)
    file = EventFile()
    # The title slide of our own exports is made of the timeline's title.
    if isinstance(title, dict) and KEY not in title:
        file.title = title
    file.eras = list(map(era_of_json, eras)) if isinstance(eras, list) else []
    file.options = {name: value for name, value in data.items() if name not in ("title", "eras", "events")}
    for number, slide in enumerate(data["events"], start=1):
        item = Item(number, slide if isinstance(slide, dict) else {})
        try:
            item.slide = slide_of_json(slide, item.notes)
        except NotAnEvent as error:
            item.problem = str(error)
        file.items.append(item)
    return file


def read_table(table: Table, most: int | None) -> EventFile:
    check_count(sum(not line.is_empty for line in table.lines), most)
    file = EventFile(notes=table.notes)
    is_list = is_event_list(filter(None, table.headers))
    for line, row in table.rows():
        add_row(file, line, row_of_list(row) if is_list else row)
    return file


def add_row(file: EventFile, line: Line, row: dict[str, str]) -> None:
    row = clean_data(row)
    item = Item(line.number, {"text": {"headline": headline_of(row)}}, line.problem)
    if not item.problem:
        try:
            item.slide = clean_data(slide_of_row(row, item.notes))
        except NotAnEvent as error:
            item.problem = str(error)
    kind = str(item.slide.pop("type", "")).strip().lower()
    if item.problem:
        file.items.append(item)
    elif kind in TITLES and not file.title:
        file.title = item.slide
    elif kind == "era":
        file.eras.append(item.slide)
    else:
        if not item.title:
            item.problem = _("It has no headline.")
        file.items.append(item)
