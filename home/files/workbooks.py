"""
The sheets of an Excel workbook as rows of text, within limits.

A workbook of a few kilobytes can unpack to gigabytes, so this runs in the child process of `home.files`.
Nothing here imports Django.
"""

import re
from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

from home.files.archives import TooLarge, opened

__all__ = ["read_workbook"]

MOST_UNPACKED = 64 * 1024 * 1024
MOST_SHEETS = 100
MOST_ROWS = 20_000
MOST_COLUMNS = 500
MOST_CHARACTERS = 20_000_000
# Parts of a number format that are not its pattern.
NO_PATTERN = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|;.*")
STRICT = b"http://purl.oclc.org/ooxml/"
STRICT_NAMES = re.compile(STRICT + rb"(spreadsheetml/main|officeDocument/relationships)")
USUAL = b"http://schemas.openxmlformats.org/"
USUAL_NAMES = {
    b"spreadsheetml/main": USUAL + b"spreadsheetml/2006/main",
    b"officeDocument/relationships": USUAL + b"officeDocument/2006/relationships",
}


def read_workbook(file):
    """
    Read all sheets.

    A sheet has its "name", whether it is "hidden", and "rows": each a list of its number, its cells as text,
    and what is wrong with some of the cells, as pairs of a column's letter and a word: an error such as
    "#REF!", or "" for a formula whose result is not in the file.

    :returns: {"sheets": [...]}, or {"too_large": ["rows", 20000]} if it passes a limit.
    """
    try:
        book = book_of(transitional(file, opened(file, MOST_UNPACKED)))
        if len(book.worksheets) > MOST_SHEETS:
            raise TooLarge("sheets", MOST_SHEETS)
        return {"sheets": [sheet_of(sheet) for sheet in book.worksheets]}
    except TooLarge as error:
        return {"too_large": list(error.args)}


def transitional(file, archive):
    """The file; if Excel saved it as "Strict Open XML", with the names that openpyxl knows."""
    books = [name for name in archive.namelist() if re.fullmatch(r"xl/workbook\w*\.xml", name)]
    if not any(STRICT in archive.read(name) for name in books):
        return file
    changed = BytesIO()
    with ZipFile(changed, "w") as usual:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith((".xml", ".rels")):
                content = STRICT_NAMES.sub(lambda match: USUAL_NAMES[match[1]], content)
            usual.writestr(name, content)
    return changed


def book_of(file):
    from openpyxl.chartsheet import Chartsheet
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        def read_chartsheet(self, sheet, rel):
            """Leave the chart itself out, with which openpyxl cannot deal here."""
            self.wb._sheets.append(Chartsheet(parent=self.wb, title=sheet.name))

    reader = Reader(file, read_only=True, data_only=True)
    reader.read()
    return reader.wb


def sheet_of(sheet):
    rows, left = [], MOST_CHARACTERS
    for number, cells in parsed(sheet):
        row = row_of(sheet, cells)
        if not any(row[0]) and not row[1]:
            continue
        rows.append([number, *row])
        left -= sum(map(len, row[0]))
        if len(rows) > MOST_ROWS:
            raise TooLarge("rows", MOST_ROWS)
        if left < 0:
            raise TooLarge("characters", MOST_CHARACTERS)
    return {"name": sheet.title, "hidden": sheet.sheet_state != "visible", "rows": rows}


def parsed(sheet):
    """
    The numbers of the rows, and the cells that each has.

    The rows of openpyxl's own read-only sheets trust the dimensions that the file states, which may be wrong,
    and do not tell a formula without a result from an empty cell.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        def parse_cell(self, element):
            has_formula = element.find(FORMULA_TAG) is not None
            return super().parse_cell(element) | {"has_formula": has_formula}

    book = sheet.parent
    with sheet._get_source() as source:
        yield from Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        ).parse()


def row_of(sheet, cells):
    """The texts of a row's cells, and what is wrong with some of them."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.escape import unescape

    texts, problems = [], []
    for cell in cells:
        has_formula = cell.pop("has_formula")
        value, column = cell["value"], cell["column"]
        if value is None:
            if has_formula:
                problems.append([get_column_letter(column), ""])
            continue
        if column > MOST_COLUMNS:
            raise TooLarge("columns", MOST_COLUMNS)
        texts += [""] * (column - len(texts))
        if cell["data_type"] == "e":
            problems.append([get_column_letter(column), str(value)])
        if isinstance(value, str):
            # Excel writes "_x000D_" for a character that XML lacks.
            texts[column - 1] = unescape(value)
        else:
            texts[column - 1] = shown(value, ReadOnlyCell(sheet, **cell).number_format)
    return texts, problems


def shown(value, number_format):
    """Return the text that Excel shows for a value, as far as it changes the meaning."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return day_of(value, number_format) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return day_of(value, number_format)
    if isinstance(value, int | float) and "%" in NO_PATTERN.sub("", number_format):
        return f"{value * 100:.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def day_of(day, number_format):
    """Return a date in ISO format, without a day or month that its format hides and that is the first."""
    pattern = NO_PATTERN.sub("", number_format).casefold()
    text = day.isoformat()[:10]
    if "d" in pattern or day.day != 1 or "y" not in pattern:
        return text
    return text[:7] if "m" in pattern or day.month != 1 else text[:4]
