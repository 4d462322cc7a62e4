"""Tables as files for spreadsheet programs, in which no text is taken for a formula."""

import csv
import re
from codecs import BOM_UTF8
from tempfile import TemporaryFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from home.exports.streaming import in_language_of_caller
from home.text import clean_data, clean_text

# The types of the answers.
CSV = "text/csv; charset=utf-8; header=present"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Programs pass over spaces and invisible characters before the sign that begins a formula, and read the wide
# signs of East Asian keyboards as the usual ones.
FORMULA = re.compile(
    r"'*[\t\r\n]|['\s\x00-\x20\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]"
)
# Characters that Excel takes in a cell, and what stands in one whose text is longer.
LONGEST_CELL = 32_767
TOO_LONG = "(too long for a cell)"
# Bytes of a finished file that are sent at a time.
PIECE = 64 * 1024
# Without this mark Excel reads a CSV file in another encoding and breaks every accent.
BYTE_ORDER_MARK = BOM_UTF8.decode()


def guarded(text):
    """Text that no spreadsheet takes for a formula; `unguarded` takes it back."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


@in_language_of_caller
def as_csv(rows):
    """Rows of texts, numbers and dates as lines of a CSV file."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow(map(clean_data, row))


@in_language_of_caller
def as_xlsx(title, rows):
    """Rows of texts, numbers and dates as pieces of a file of Excel."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def text_cell(sheet, text):
    """Return a cell that Excel takes for text, however it begins, and keeps as text when it is edited."""
    cell = WriteOnlyCell(sheet, for_excel(text))
    cell.data_type = "s"
    if FORMULA.match(text):
        cell.quotePrefix = True
    return cell


def for_excel(text):
    """Return the text if Excel can hold it, else a mark for which an import keeps the old text."""
    text = clean_text(text)
    # Excel counts units of UTF-16.
    return text if len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL else TOO_LONG


class Echo:
    """A file for `csv.writer` that gives back what is written."""

    def write(self, text):
        return text
