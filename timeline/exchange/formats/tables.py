"""Tables of events as people have them: their lines, and which line has the headings."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from django.utils.translation import gettext as _

from home.files.encodings import has_lost_characters, restored
from home.text import visible
from timeline.exchange.formats.columns import columns_of, heading_key
from timeline.exchange.formats.event_list import is_event_list, known_in_list
from timeline.exchange.formats.limits import MOST_COLUMNS, MOST_LINES, UnreadableFile, check_text, short

# Number of lines in which to look for the headings.
MOST_LINES_ABOVE = 30
# The headings include at least one of these.
REQUIRED = {"year", "start date", "headline", "unique id"}


@dataclass
class Line:
    """A line of a table. `problem` says why it cannot be read, if it cannot."""

    number: int
    cells: list[str]
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.cells)) and not self.problem

    def __str__(self) -> str:
        return ", ".join(filter(None, map(str.strip, self.cells)))


@dataclass
class Table:
    """A table whose headings were found. `notes` tell the editor how it was read."""

    headers: list[str]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[Line, dict[str, str]]]:
        """Yield each line that is not empty, with its cells by heading."""
        count = len(self.headers)
        for line in self.lines:
            if line.is_empty:
                continue
            more = [cell for cell in line.cells[count:] if cell.strip()]
            if more and not line.problem:
                words = _("It has more cells than the table has headings: %(cells)s.")
                line.problem = words % {"cells": short(", ".join(more))}
            cells = zip_longest(self.headers, line.cells[:count], fillvalue="")
            yield line, {header: cell for header, cell in cells if header}


def best_headings(lines: list[Line]) -> int:
    return max((known_headings(line.cells) for line in lines), default=0)


def known_headings(cells: list[str]) -> int:
    """Return the number of known headings in a line; 0 if it cannot be the heading line."""
    cells = [cell for cell in cells[:MOST_COLUMNS] if len(cell) < 100]
    if not REQUIRED & set(map(heading_key, cells)):
        return 0
    return len(columns_of(cells))


def with_headings(lines: list[Line], notes: list[str]) -> Table:
    """Return the table below the line with the most known headings, or raise UnreadableFile."""
    first = lines[:MOST_LINES_ABOVE]
    place = max(range(len(first)), key=lambda place: known_headings(first[place].cells), default=0)
    if not first or not known_headings(first[place].cells):
        raise no_headings([line for line in first if not line.is_empty])
    if above := [str(line) for line in first[:place] if not line.is_empty]:
        notes.append(
            _("The rows above the headings are left out: %(words)s.") % {"words": short("; ".join(above))}
        )
    headings, below = lines[place], lines[place + 1 :]
    if headings.problem:
        raise UnreadableFile(_("This table has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    if len(below) > MOST_LINES:
        raise UnreadableFile(_("This table has more than %(most)s rows.") % {"most": f"{MOST_LINES:,}"})
    table = Table([clean(cell) for cell in headings.cells], below, notes)
    restore(table)
    note_columns(table)
    return table


def no_headings(lines: list[Line]) -> UnreadableFile:
    words = _("No row has the headings of TimelineJS, such as Year and Headline.")
    if lines:
        first = _("The first row is: %(row)s.") % {"row": short(str(lines[0]))}
        words = f"{words} {first}"
    return UnreadableFile(words)


def clean(header: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", visible(header)).split())


def restore(table: Table) -> None:
    """Repair accents that another program has broken, with a note. Refuse lines whose accents are lost."""
    examples = []
    for line in table.lines:
        for place, cell in enumerate(line.cells):
            check_text(cell)
            if cell.isascii():
                continue
            if has_lost_characters(cell):
                words = _("Another program has damaged some characters: %(text)s.")
                line.problem = line.problem or words % {"text": short(cell)}
            elif (right := restored(cell)) != cell:
                line.cells[place] = right
                examples.append((cell, right))
    if examples:
        wrong, right = min(examples, key=lambda pair: len(pair[0]))
        words = _(
            "Another program has saved this file in the wrong encoding. The accents in %(count)s cells were "
            "corrected, for example “%(wrong)s” to “%(right)s”. Please check them."
        )
        table.notes.append(words % {"count": len(examples), "wrong": short(wrong), "right": short(right)})


def note_columns(table: Table) -> None:
    """Note which columns are left out, and which headings appear more than once."""
    headers = list(filter(None, table.headers))
    known = known_in_list(headers) if is_event_list(headers) else columns_of(headers)
    seen: set[str] = set()
    twice, unknown = [], []
    for place, header in enumerate(table.headers):
        if not header:
            if any(line.cells[place : place + 1] not in ([], [""]) for line in table.lines):
                unknown.append(_("one without a heading"))
            continue
        key = heading_key(header)
        if key in seen:
            twice.append(header)
            table.headers[place] = ""
        elif header not in known:
            unknown.append(header)
        seen.add(key)
    if unknown:
        names = ", ".join(dict.fromkeys(unknown))
        table.notes.append(
            _("These columns are not used here and are left out: %(names)s.") % {"names": short(names, 500)}
        )
    for header in dict.fromkeys(twice):
        words = _("The heading “%(header)s” appears more than once. Only the first of these columns is read.")
        table.notes.append(words % {"header": header})
