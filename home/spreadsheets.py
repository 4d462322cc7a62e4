"""Tables as files for spreadsheet programs, in which no text is taken for a formula."""

import csv
import re
from codecs import BOM_UTF8
from itertools import chain
from tempfile import TemporaryFile

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# The types of the answers.
CSV = "text/csv; charset=utf-8; header=present"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMULA = re.compile(r"'*[=+\-@\t\r]")
# Characters that Excel takes in a cell, and what stands in one whose text is longer.
LONGEST_CELL = 32_767
TOO_LONG = "(too long for a cell)"
# Bytes of a finished file that are sent at a time.
PIECE = 64 * 1024
# Without this mark Excel reads a CSV file in an encoding of its own, and breaks every accent.
BYTE_ORDER_MARK = BOM_UTF8.decode()


def guarded(text):
    """Text that no spreadsheet takes for a formula; `unguarded` takes it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def as_csv(rows):
    """Rows of texts as lines of a CSV file."""
    writer = csv.writer(Echo())
    return chain([BYTE_ORDER_MARK], map(writer.writerow, rows))


def as_xlsx(title, rows):
    """Rows of texts as pieces of a file of Excel."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([for_excel(text) for text in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def for_excel(text):
    """What Excel can keep of a cell; a longer one is left out, and an import leaves alone what it said."""
    return ILLEGAL_CHARACTERS_RE.sub("", text) if len(text) <= LONGEST_CELL else TOO_LONG


class MarkedCsv:
    """A view with Wagtail's `SpreadsheetExportMixin` whose CSV file Excel reads in the right encoding."""

    def stream_csv(self, queryset):
        return chain([BYTE_ORDER_MARK], super().stream_csv(queryset))


class Echo:
    """A file for `csv.writer` that gives back what is written."""

    def write(self, text):
        return text
