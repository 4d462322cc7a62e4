"""Tables as people have them: the lines of a CSV file or a workbook, and which of them is the headings."""

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import islice, zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.child import JobFailed, run_job
from home.files.encodings import has_lost_characters, restored
from home.text import visible
from timeline.exchange.formats.event_list import is_event_list, known_in_list
from timeline.exchange.formats.limits import UnreadableFile, check_text, short
from timeline.exchange.formats.sheets import columns_of, heading_key

__all__ = ["Line", "Table", "table_of_csv", "table_of_workbook"]

MOST_LINES = 20_000
MOST_COLUMNS = 500
# How far down the headings may stand.
MOST_LINES_ABOVE = 30
MOST_BROKEN_LINES = 50
# Characters of a cell. The limit of the csv module is one for the whole program.
LONGEST_CELL = 1_000_000
csv.field_size_limit(LONGEST_CELL)
# Characters in which the columns are looked for.
BEGINNING = 64 * 1024
DELIMITERS = ",;\t|"
# The headings have at least one of these.
REQUIRED = {"year", "start date", "headline", "unique id"}
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[^\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
LIMITS = {
    "megabytes": gettext_lazy("This workbook unpacks to more than %(most)s MB."),
    "sheets": gettext_lazy("This workbook has more than %(most)s sheets."),
    "rows": gettext_lazy("A sheet of this workbook has more than %(most)s rows."),
    "columns": gettext_lazy("A sheet of this workbook has more than %(most)s columns."),
    "characters": gettext_lazy("A sheet of this workbook has more than %(most)s characters."),
}


@dataclass
class Line:
    """A line of a table: its number as a spreadsheet counts, its cells, and why it cannot be read."""

    number: int
    cells: list
    problem: str = ""

    @property
    def is_empty(self):
        return not any(map(str.strip, self.cells)) and not self.problem

    def __str__(self):
        return ", ".join(filter(None, map(str.strip, self.cells)))


@dataclass
class Table:
    """A table whose headings were found; `notes` say what an editor should know about how it was read."""

    headers: list
    lines: list
    notes: list = field(default_factory=list)

    def rows(self):
        """Yield each line that is not empty, and its cells by their headings."""
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


def table_of_csv(text):
    """
    The table of a text whose columns are parted by commas, semicolons, tabs or bars.

    :raises UnreadableFile: if it has no headings that are known, or passes a limit.
    """
    separator = SEPARATOR_LINE.match(text)
    start = separator.end() if separator else 0
    delimiters = separator[1] if separator else DELIMITERS
    delimiter = max(
        delimiters, key=lambda mark: best_headings(beginning(text[start : start + BEGINNING], mark))
    )
    physical = StringIO(text[start:], newline="").readlines()
    lines = list(parsed(physical, delimiter, 2 if separator else 1))
    return with_headings(lines, [])


def beginning(text, delimiter):
    """The first lines, to see whether the delimiter is the right one."""
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        return [Line(number, cells) for number, cells in enumerate(islice(reader, MOST_LINES_ABOVE), start=1)]
    except csv.Error:
        return []


def best_headings(lines):
    return max((known_headings(line.cells) for line in lines), default=0)


def known_headings(cells):
    """Count the known headings of a line; 0 if it cannot be the line with the headings."""
    cells = [cell for cell in cells[:MOST_COLUMNS] if len(cell) < 100]
    if not REQUIRED & set(map(heading_key, cells)):
        return 0
    return len(columns_of(cells))


def parsed(physical, delimiter, first):
    """
    The lines of a table. A line whose quotation marks do not match is told; else it would swallow all that
    follows up to the next mark.
    """
    place, number, broken, found = 0, first, 0, 0
    while place < len(physical):
        reader = csv.reader(islice(physical, place, None), delimiter=delimiter, strict=True)
        read = 0
        try:
            for cells in reader:
                line = Line(number, *within_columns(cells))
                number += 1
                read = reader.line_num
                if line.is_empty:
                    continue
                yield line
                found += 1
                if found > MOST_LINES + MOST_LINES_ABOVE:
                    raise UnreadableFile(
                        _("This table has more than %(most)s rows.") % {"most": f"{MOST_LINES:,}"}
                    )
            return
        except csv.Error as error:
            broken += 1
            if broken > MOST_BROKEN_LINES:
                words = _("In more than %(most)s rows of this table the quotation marks don't match.")
                raise UnreadableFile(words % {"most": MOST_BROKEN_LINES}) from error
        place += read
        yield broken_line(number, physical[place], delimiter)
        place, number = place + 1, number + 1


def within_columns(cells):
    """The cells of a line, and what is wrong if there are too many."""
    if len(cells) <= MOST_COLUMNS:
        return cells, ""
    words = _("It has %(count)s cells, more than %(most)s.")
    return cells[:MOST_COLUMNS], words % {"count": f"{len(cells):,}", "most": MOST_COLUMNS}


def broken_line(number, text, delimiter):
    cells = text.rstrip("\r\n").split(delimiter)
    if len(text) > LONGEST_CELL:
        problem = _("It has more than %(most)s characters.") % {"most": f"{LONGEST_CELL:,}"}
    else:
        problem = _("Its quotation marks don't match: %(text)s") % {
            "text": short(text.strip(delimiter + "\r\n"))
        }
    return Line(number, cells, problem)


def table_of_workbook(content):
    """
    The table of the sheet that has headings; other sheets are named in the notes.

    :raises UnreadableFile: if there is none, or the workbook cannot be read within its limits.
    """
    try:
        answer = run_job("table", BytesIO(content)).answer
    except JobFailed as error:
        raise UnreadableFile(
            _(
                "This workbook cannot be read: it is damaged, has a password, or takes too long. Open it, "
                "save it again as an Excel workbook (.xlsx), and try once more."
            )
        ) from error
    if "too_large" in answer:
        limit, most = answer["too_large"]
        raise UnreadableFile(LIMITS[limit] % {"most": f"{most:,}"})
    sheets = answer["sheets"]
    found = [sheet for sheet in sheets if best_headings(lines_of_sheet(sheet, MOST_LINES_ABOVE))]
    if not found:
        raise no_headings([line for sheet in sheets for line in lines_of_sheet(sheet, 3)][:1])
    # Of those with headings, the first that people see.
    chosen = min(found, key=lambda sheet: sheet["hidden"])
    notes = []
    if others := [sheet for sheet in sheets if sheet is not chosen and sheet["rows"]]:
        words = _("The sheet “%(name)s” is read. Not read: %(others)s.")
        names = ", ".join(f"“{sheet['name']}”" for sheet in others)
        notes.append(words % {"name": chosen["name"], "others": names})
        if len(found) > 1:
            notes.append(_("More than one sheet has events. Send each of the others in a file of its own."))
    if chosen["hidden"]:
        notes.append(_("The sheet “%(name)s” is hidden in the workbook.") % {"name": chosen["name"]})
    return with_headings(lines_of_sheet(chosen), notes)


def lines_of_sheet(sheet, most=None):
    return [Line(number, cells, problem_of(wrong)) for number, cells, wrong in sheet["rows"][:most]]


def problem_of(cells):
    """Describe what is wrong with some cells of a workbook."""
    problems = []
    for column, error in cells[:5]:
        if error:
            problems.append(
                _("Column %(column)s has the error %(error)s.") % {"column": column, "error": error}
            )
        else:
            problems.append(
                _("The formula in column %(column)s has no result in the file. Save it once in Excel.")
                % {"column": column}
            )
    return " ".join(problems)


def with_headings(lines, notes):
    """The table below that line of the first ones which has most of the headings that we know."""
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


def no_headings(lines):
    words = _("No row has the headings of TimelineJS, such as Year and Headline.")
    if lines:
        first = _("The first row is: %(row)s.") % {"row": short(str(lines[0]))}
        words = f"{words} {first}"
    return UnreadableFile(words)


def clean(header):
    return " ".join(unicodedata.normalize("NFKC", visible(header)).split())


def restore(table):
    """Put accents right that another program has broken, and tell it; a line that lost any is refused."""
    examples = []
    for line in table.lines:
        for place, cell in enumerate(line.cells):
            check_text(cell)
            if cell.isascii():
                continue
            if has_lost_characters(cell):
                words = _("Another program has damaged characters in it: %(text)s.")
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


def note_columns(table):
    """Tell which columns are left out, and which heading stands twice."""
    headers = list(filter(None, table.headers))
    known = known_in_list(headers) if is_event_list(headers) else columns_of(headers)
    seen, twice, unknown = set(), [], []
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
