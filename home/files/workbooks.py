"""Read the sheets of an Excel workbook as text. Runs in the child process; nothing here imports Django."""

import re
from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

from home.files.archives import open_archive
from home.files.errors import TooLarge
from home.files.workbook_internals import open_workbook, parsed_rows

MAX_UNPACKED = 64 * 1024 * 1024
MAX_SHEETS = 100
MAX_ROWS = 20_000
MAX_COLUMNS = 500
MAX_CHARACTERS = 20_000_000
# Colors, quoted text, escapes and further sections of a number format.
NOT_PATTERN = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|;.*")
STRICT = b"http://purl.oclc.org/ooxml/"
STRICT_NAMES = re.compile(STRICT + rb"(spreadsheetml/main|officeDocument/relationships)")
USUAL = b"http://schemas.openxmlformats.org/"
USUAL_NAMES = {
    b"spreadsheetml/main": USUAL + b"spreadsheetml/2006/main",
    b"officeDocument/relationships": USUAL + b"officeDocument/2006/relationships",
}


def read_workbook(file):
    """
    Job: read all sheets.

    A sheet is a dictionary of "name", "hidden" and "rows". A row is a list of its number, its cells as text,
    and the problems of its cells: pairs of a column letter and an error such as "#REF!", or "" for a formula
    without a stored result.

    :returns: {"sheets": [...]}, or, if the workbook exceeds a limit, {"too_large": ["rows", 20000]}.
    """
    try:
        book = open_workbook(transitional(file, open_archive(file, MAX_UNPACKED)))
        if len(book.worksheets) > MAX_SHEETS:
            raise TooLarge("sheets", MAX_SHEETS)
        return {"sheets": [sheet_of(sheet) for sheet in book.worksheets]}
    except TooLarge as error:
        return {"too_large": list(error.args)}


def transitional(file, archive):
    """Return the file, with the XML namespaces that openpyxl knows if it is "Strict Open XML"."""
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


def sheet_of(sheet):
    rows, left = [], MAX_CHARACTERS
    for number, cells in parsed_rows(sheet):
        row = row_of(sheet, cells)
        if not any(row[0]) and not row[1]:
            continue
        rows.append([number, *row])
        left -= sum(map(len, row[0]))
        if len(rows) > MAX_ROWS:
            raise TooLarge("rows", MAX_ROWS)
        if left < 0:
            raise TooLarge("characters", MAX_CHARACTERS)
    return {"name": sheet.title, "hidden": sheet.sheet_state != "visible", "rows": rows}


def row_of(sheet, cells):
    """Return the cells of a row as text, and the problems of its cells."""
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
        if column > MAX_COLUMNS:
            raise TooLarge("columns", MAX_COLUMNS)
        texts += [""] * (column - len(texts))
        if cell["data_type"] == "e":
            problems.append([get_column_letter(column), str(value)])
        if isinstance(value, str):
            # Excel writes "_x000D_" for a character that XML doesn't allow.
            texts[column - 1] = unescape(value)
        else:
            texts[column - 1] = shown(value, ReadOnlyCell(sheet, **cell).number_format)
    return texts, problems


def shown(value, number_format):
    """Return a value as text, formatted as in Excel where the format changes the meaning."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return day_of(value, number_format) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return day_of(value, number_format)
    if isinstance(value, int | float) and "%" in NOT_PATTERN.sub("", number_format):
        return f"{value * 100:.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def day_of(day, number_format):
    """Return a date in ISO format, without a day or month that the format hides if it is the first."""
    pattern = NOT_PATTERN.sub("", number_format).casefold()
    text = day.isoformat()[:10]
    if "d" in pattern or day.day != 1 or "y" not in pattern:
        return text
    return text[:7] if "m" in pattern or day.month != 1 else text[:4]
