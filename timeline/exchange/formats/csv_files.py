"""Read CSV files, in spite of the mistakes that people and programs make in them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from django.utils.translation import gettext as _

from timeline.exchange.formats.limits import (
    LONGEST_CELL,
    MOST_BROKEN_LINES,
    MOST_COLUMNS,
    MOST_LINES,
    UnreadableFile,
    short,
)
from timeline.exchange.formats.tables import (
    MOST_LINES_ABOVE,
    Line,
    Table,
    best_headings,
    with_headings,
)

# The csv module has one limit for the whole process.
csv.field_size_limit(LONGEST_CELL)
# Characters in which to look for the headings.
BEGINNING = 64 * 1024
DELIMITERS = ",;\t|"
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[^\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)


def table_of_csv(text: str) -> Table:
    """Return the table of a CSV file. Raise UnreadableFile if there is none."""
    separator = SEPARATOR_LINE.match(text)
    start = separator.end() if separator else 0
    delimiters = separator[1] if separator else DELIMITERS
    delimiter = max(
        delimiters, key=lambda mark: best_headings(beginning(text[start : start + BEGINNING], mark))
    )
    physical = StringIO(text[start:], newline="").readlines()
    lines = list(parsed(physical, delimiter, 2 if separator else 1))
    return with_headings(lines, [])


def beginning(text: str, delimiter: str) -> list[Line]:
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        return [Line(number, cells) for number, cells in enumerate(islice(reader, MOST_LINES_ABOVE), start=1)]
    except csv.Error:
        return []


def parsed(physical: list[str], delimiter: str, first: int) -> Iterator[Line]:
    """Yield the lines of a table. One with unmatched quotation marks must not swallow the lines below."""
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


def within_columns(cells: list[str]) -> tuple[list[str], str]:
    """Return the cells of a line that are read, and a problem if there are too many."""
    if len(cells) <= MOST_COLUMNS:
        return cells, ""
    words = _("It has %(count)s cells, more than %(most)s.")
    return cells[:MOST_COLUMNS], words % {"count": f"{len(cells):,}", "most": MOST_COLUMNS}


def broken_line(number: int, text: str, delimiter: str) -> Line:
    cells = text.rstrip("\r\n").split(delimiter)
    if len(text) > LONGEST_CELL:
        problem = _("It has more than %(most)s characters.") % {"most": f"{LONGEST_CELL:,}"}
    else:
        problem = _("Its quotation marks don't match: %(text)s") % {
            "text": short(text.strip(delimiter + "\r\n"))
        }
    return Line(number, cells, problem)
