"""Exports of Wagtail's lists and reports, which Wagtail itself would write with formulas in CSV files."""

from datetime import date
from decimal import Decimal

from django.http import StreamingHttpResponse
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx, guarded
from home.skipping import each_made
from home.wagtail_internals import replace_method


def as_spreadsheet(view, queryset, spreadsheet_format):
    """Return a file without formulas. A row that raises an error is skipped."""
    is_csv = spreadsheet_format == view.FORMAT_CSV
    rows = rows_of(view, queryset, spreadsheet_format)
    content = as_csv(rows) if is_csv else as_xlsx("Sheet1", rows)
    response = StreamingHttpResponse(content, content_type=CSV if is_csv else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{view.get_filename()}.{spreadsheet_format}"'
    return response


def rows_of(view, queryset, spreadsheet_format):
    # Cells in XLSX files have a type, so text is never read as a formula.
    escaped = guarded if spreadsheet_format == view.FORMAT_CSV else str

    def cell_of(field, value):
        value = view.preprocess_field_value(field, value, spreadsheet_format)
        if value is None or isinstance(value, int | float | Decimal | date):
            return value
        return escaped(str(value))

    def row_of(item):
        return [cell_of(field, value) for field, value in view.to_row_dict(item).items()]

    yield [escaped(str(view.get_heading(queryset, field))) for field in view.list_export]
    yield from each_made(row_of, queryset)


replace_method(SpreadsheetExportMixin, "as_spreadsheet", as_spreadsheet)
