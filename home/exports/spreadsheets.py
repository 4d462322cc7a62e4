"""Tables as files for spreadsheet programs. Text in them never becomes a formula."""

import csv
import re
from codecs import BOM_UTF8
from tempfile import TemporaryFile

from home.exports.streaming import in_language_of_caller
from home.text import clean_data, clean_text

# The content types.
CSV = "text/csv; charset=utf-8; header=present"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Programs ignore spaces and invisible characters before the sign that begins a formula, and treat full-width
# signs of East Asian keyboards like the usual ones.
FORMULA = re.compile(
    r"'*[\t\r\n]|['\s\x00-\x20\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]"
)
# The maximum number of characters in a cell of Excel, and the placeholder for longer texts.
LONGEST_CELL = 32_767
TOO_LONG = "(too long for a cell)"
# Bytes to send at a time.
PIECE = 64 * 1024
# Without it, Excel guesses another encoding and breaks accented letters.
BYTE_ORDER_MARK = BOM_UTF8.decode()


def guarded(text):
    """Return a text that no spreadsheet program takes for a formula. `unguarded` reverses this."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


@in_language_of_caller
def as_csv(rows):
    """Yield the lines of a CSV file for rows of texts, numbers and dates."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow(map(clean_data, row))


@in_language_of_caller
def as_xlsx(title, rows):
    """Yield pieces of an Excel file for rows of texts, numbers and dates."""
    from openpyxl import Workbook

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
    """Return a cell that Excel treats as text, however it begins and even after it is edited."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, for_excel(text))
    cell.data_type = "s"
    if FORMULA.match(text):
        cell.quotePrefix = True
    return cell


def for_excel(text):
    """Return the text if it fits into a cell of Excel, else a placeholder that imports ignore."""
    text = clean_text(text)
    # Excel counts UTF-16 code units.
    return text if len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL else TOO_LONG


class Echo:
    """A file for `csv.writer` that returns what is written."""

    def write(self, text):
        return text
