"""The private parts of openpyxl that we use. `test_workbook_internals.py` fails when they change."""


def open_workbook(file):
    """Open a workbook read-only, without its charts, which openpyxl cannot read in this mode."""
    from openpyxl.chartsheet import Chartsheet
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        def read_chartsheet(self, sheet, rel):
            self.wb._sheets.append(Chartsheet(parent=self.wb, title=sheet.name))

    reader = Reader(file, read_only=True, data_only=True)
    reader.read()
    return reader.wb


def parsed_rows(sheet):
    """
    Yield the number and the cells of each row. A cell is a dictionary, with `has_formula`.

    The rows of openpyxl's read-only sheets trust the dimensions in the file, which may be false, and don't
    distinguish a formula without a result from an empty cell.
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
