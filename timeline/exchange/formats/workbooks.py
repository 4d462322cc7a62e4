"""Read Excel workbooks."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.child import JobFailed, run_job
from timeline.exchange.formats.limits import UnreadableFile
from timeline.exchange.formats.tables import (
    MOST_LINES_ABOVE,
    Line,
    Table,
    best_headings,
    no_headings,
    with_headings,
)

LIMITS = {
    "megabytes": gettext_lazy("This workbook unpacks to more than %(most)s MB."),
    "sheets": gettext_lazy("This workbook has more than %(most)s sheets."),
    "rows": gettext_lazy("A sheet of this workbook has more than %(most)s rows."),
    "columns": gettext_lazy("A sheet of this workbook has more than %(most)s columns."),
    "characters": gettext_lazy("A sheet of this workbook has more than %(most)s characters."),
}


def table_of_workbook(content: bytes) -> Table:
    """Return the table of the sheet that has headings, or raise UnreadableFile."""
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
    # The first that is not hidden, if there are several.
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


def lines_of_sheet(sheet: dict[str, Any], most: int | None = None) -> list[Line]:
    return [Line(number, cells, problem_of(wrong)) for number, cells, wrong in sheet["rows"][:most]]


def problem_of(cells: list[tuple[str, str]]) -> str:
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
