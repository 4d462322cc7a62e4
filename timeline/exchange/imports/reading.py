"""Files of events, taken apart: what each slide or row of them says, without a look at the database."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.encodings import decode
from home.text import clean_data, visible
from timeline.exchange.formats.event_list import is_event_list, row_of_list
from timeline.exchange.formats.json_files import data_of_json, era_of_json, slide_of_json
from timeline.exchange.formats.limits import UnreadableFile, short
from timeline.exchange.formats.sheets import headline_of, slide_of_row
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, identity_of, part_of, plain
from timeline.exchange.formats.tables import table_of_csv, table_of_workbook
from timeline.exchange.imports.duplicates import note_repeats

__all__ = ["EventFile", "Item", "UnreadableFile", "read_file"]

ZIP = b"PK\x03\x04"
# The parts by which an archive shows what it is.
WORKBOOK = b"xl/workbook"
IN_ARCHIVES = {
    b"word/document": gettext_lazy("a Word file"),
    b"ppt/presentation": gettext_lazy("a PowerPoint file"),
    b"opendocument": gettext_lazy("an OpenDocument (LibreOffice) file"),
    b"Index/Document.iwa": gettext_lazy("an Apple Numbers, Pages or Keynote file"),
}
# Other kinds of files, by their first bytes.
OTHERS = {
    b"%PDF": gettext_lazy("a PDF"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("an old file of Office (.xls, .doc), or one with a password"),
    b"\x89PNG": gettext_lazy("a picture"),
    b"GIF8": gettext_lazy("a picture"),
    b"\xff\xd8\xff": gettext_lazy("a picture"),
    b"RIFF": gettext_lazy("a picture or a recording"),
    b"{\\rtf": gettext_lazy("a rich text file"),
    b"SQLite": gettext_lazy("a database"),
    b"\x1f\x8b": gettext_lazy("an archive"),
}
# The first TimelineJS took its JSON as a script.
SCRIPT = re.compile(
    r"(?://[^\n]*\n\s*)*(?:export default\s*|(?:(?:var|let|const) )?[\w.]{1,50}\s*[=(]\s*)?(?=[{\[])"
)
# The type of the title; "start" is that of the first TimelineJS.
TITLES = ("title", "start")
PAGE = ("<!doctype", "<html", "<?xml", "<svg")


@dataclass
class Item:
    """An event of a file: its slide, or why it has none; `notes` are for the editor."""

    number: int
    slide: dict
    problem: str = ""
    notes: list = field(default_factory=list)

    @property
    def record(self):
        """Our own record of the event, or None if the file has none."""
        own = part_of(self.slide, KEY)
        return own if own.get("unique_id") else None

    @property
    def title(self):
        own, text = part_of(self.slide, KEY), part_of(self.slide, "text")
        title = plain(own.get("title") or text.get("headline"))
        return title if visible(title).strip() else ""

    @property
    def given_id(self):
        """The id that the file gives it, ours or that of TimelineJS; empty if it gives none."""
        return identity_of((self.record or self.slide).get("unique_id"))


@dataclass
class EventFile:
    """
    All that a file says. `options` is what stands beside title, eras and events; `notes` are for the editor.
    """

    items: list = field(default_factory=list)
    title: dict = field(default_factory=dict)
    eras: list = field(default_factory=list)
    options: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def read_file(content, most=None):
    """
    Take a file apart.

    :param content: its bytes: TimelineJS JSON, or CSV with TimelineJS's headings or ours, or XLSX with ours.
    :param most: how many events it may have, if there is a limit.
    :raises UnreadableFile: if it is none of these, or has too many events.
    """
    if content.startswith(ZIP) and WORKBOOK in content:
        found = file_of_table(table_of_workbook(content), most)
    else:
        refuse_other_kinds(content)
        found = file_of_text(content, most)
    note_repeats(found.items)
    return found


def refuse_other_kinds(content):
    if content.startswith(ZIP):
        kind = next((words for part, words in IN_ARCHIVES.items() if part in content), _("an archive"))
    else:
        kind = next((words for start, words in OTHERS.items() if content.startswith(start)), None)
    if kind:
        raise UnreadableFile(expected(kind))
    if not content.strip():
        raise UnreadableFile(_("This file is empty."))


def expected(kind):
    words = _("This is %(kind)s. Send TimelineJS JSON, a CSV file, or an Excel workbook (.xlsx).")
    return words % {"kind": kind}


def file_of_text(content, most):
    try:
        decoded = decode(content)
    except UnicodeDecodeError as error:
        raise UnreadableFile(expected(_("not a text file"))) from error
    if "\0" in decoded.text:
        raise UnreadableFile(expected(_("not a text file")))
    text = decoded.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \t\r\n")
    if text.lower().startswith(PAGE):
        raise UnreadableFile(expected(_("a web page")))
    if script := SCRIPT.match(text):
        text = text[script.end() :].rstrip("); \t\r\n")
    if text.startswith(("{", "[")):
        found = file_of_json(text, most)
    else:
        found = file_of_table(table_of_csv(decoded.text), most)
    if decoded.encoding:
        words = _("The file does not say its encoding. It was read as %(encoding)s; please check: %(words)s.")
        facts = {"encoding": decoded.encoding, "words": short(", ".join(decoded.samples))}
        found.notes.insert(0, words % facts)
    return found


def check_count(count, most):
    if most is not None and count > most:
        words = _(
            "This file has %(count)s events or eras, more than %(most)s. The command import_events takes it."
        )
        raise UnreadableFile(words % {"count": f"{count:,}", "most": f"{most:,}"})


def file_of_json(text, most):
    data = clean_data(data_of_json(text))
    title, eras = data.get("title"), data.get("eras")
    check_count(max(len(data["events"]), len(eras) if isinstance(eras, list) else 0), most)
    found = EventFile()
    # That of our own files is made of the timeline's name.
    if isinstance(title, dict) and KEY not in title:
        found.title = title
    found.eras = list(map(era_of_json, eras)) if isinstance(eras, list) else []
    found.options = {name: value for name, value in data.items() if name not in ("title", "eras", "events")}
    for number, slide in enumerate(data["events"], start=1):
        item = Item(number, slide if isinstance(slide, dict) else {})
        try:
            item.slide = slide_of_json(slide, item.notes)
        except NotAnEvent as error:
            item.problem = str(error)
        found.items.append(item)
    return found


def file_of_table(table, most):
    check_count(sum(not line.is_empty for line in table.lines), most)
    found = EventFile(notes=table.notes)
    is_list = is_event_list(filter(None, table.headers))
    for line, row in table.rows():
        take_row(found, line, row_of_list(row) if is_list else row)
    return found


def take_row(found, line, row):
    row = clean_data(row)
    item = Item(line.number, {"text": {"headline": headline_of(row)}}, line.problem)
    if not item.problem:
        try:
            item.slide = clean_data(slide_of_row(row, item.notes))
        except NotAnEvent as error:
            item.problem = str(error)
    kind = str(item.slide.pop("type", "")).strip().lower()
    if item.problem:
        found.items.append(item)
    elif kind in TITLES and not found.title:
        found.title = item.slide
    elif kind == "era":
        found.eras.append(item.slide)
    else:
        if not item.title:
            item.problem = _("It has no headline.")
        found.items.append(item)
