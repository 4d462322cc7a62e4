"""The private parts of openpyxl still work as `home/files/workbook_internals.py` expects."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl

from home.files.workbook_internals import open_workbook, parsed_rows

UPGRADE = (
    "After an upgrade of openpyxl, home/files/workbook_internals.py no longer reads workbooks correctly. "
    "Rewrite it."
)

DAY = datetime(2018, 10, 4, tzinfo=UTC).replace(tzinfo=None)


def test_sheets_rows_and_charts_are_read():
    book = openpyxl.Workbook()
    book.active.append(["text", 1, DAY, timedelta(hours=1)])
    book.active.append([None, "=1+1"])
    book.create_chartsheet("Chart")
    content = BytesIO()
    book.save(content)
    opened = open_workbook(content)
    assert [sheet.title for sheet in opened.chartsheets] == ["Chart"], UPGRADE
    [sheet] = opened.worksheets
    rows = [(number, [cell["value"] for cell in cells]) for number, cells in parsed_rows(sheet)]
    assert rows[0] == (1, ["text", 1, DAY, timedelta(hours=1)]), UPGRADE
    [*_, formula] = list(parsed_rows(sheet))[1][1]
    assert (formula["value"], formula["has_formula"]) == (None, True), UPGRADE
