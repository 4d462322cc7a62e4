"""Events as rows of a spreadsheet with the columns of TimelineJS and, after them, ours."""

import re
from html import unescape

from home.exports.spreadsheets import TOO_LONG, guarded, unguarded
from home.text import clean_text
from timeline.exchange.formats.column_types import WHOLE_DATES
from timeline.exchange.formats.columns import COLUMNS, READ_ORDER, columns_of, heading_key, is_ours
from timeline.exchange.formats.slide_dates import agreed_date, check_parts, put_date, put_whole_date
from timeline.exchange.formats.slide_reader import KEY, Slide, read_dates

# Our fields for dates, and the part of a slide that has the same date.
DATES = {"date": "start_date", "end_date": "end_date"}
# A number is no formula, though it may begin with a sign.
NUMBER = re.compile(r"-?\d*")


def row_of_slide(slide: Slide) -> list[str]:
    """Return the cells of an event in the order of `COLUMNS`. Text that looks like a formula is escaped."""
    cells = [(column, clean_text(column.text_of(slide))) for column in COLUMNS]
    return [guarded(text) if column.is_text or not NUMBER.fullmatch(text) else text for column, text in cells]


def headline_of(row: dict[str, str]) -> str:
    """Return the headline of a row, which names it to the editor even if it cannot be read."""
    return next((text for header, text in row.items() if heading_key(header) == "headline"), "")


def slide_of_row(row: dict[str, str], notes: list[str] | None = None) -> Slide:
    """Return the slide of a row, whose texts are by their headings, or raise NotAnEvent."""
    ours, notes = is_ours(row), [] if notes is None else notes
    slide: Slide = {}
    cells = {column: row[header] for header, column in columns_of(row).items()}
    for column in sorted(cells, key=READ_ORDER.index):
        text = cells[column]
        if text == TOO_LONG:
            continue
        if ours and column.is_text:
            text = unguarded(text)
        elif not ours:
            text = text.strip()
        column.put(slide, text)
    whole_dates = slide.pop(WHOLE_DATES, {})
    # The end comes first, so that a span in the cell of the start is refused if there is another end.
    for part in reversed(DATES.values()):
        if part in whole_dates:
            put_whole_date(slide, part, whole_dates[part], notes)
        else:
            check_parts(slide, part, notes)
    if ours:
        add_own_fields(slide, notes)
    return slide


def add_own_fields(slide: Slide, notes: list[str]) -> None:
    """Set our own fields of a row that was exported from here by what the columns of TimelineJS say."""
    data = slide.setdefault(KEY, {})
    if not data.get("unique_id"):
        # Whoever added this row may have left our own columns empty.
        slide[KEY] = {name: value for name, value in data.items() if value}
        take_dates(slide, notes)
        return
    if headline := slide.get("text", {}).get("headline"):
        data["title"] = unescape(headline)
    if group := slide.get("group"):
        data.setdefault("category", {"name": unescape(group)})
    for name, part in DATES.items():
        if part in slide and data.get(name):
            data[name] = agreed_date(data[name], slide[part])
        elif part in slide and name not in data:
            # The table lacks our own column for this date.
            start, end, _notes = read_dates(slide)
            data[name] = str({"date": start, "end_date": end}[name] or "")


def take_dates(slide: Slide, notes: list[str]) -> None:
    """Use the dates in our own columns of a new row if the columns for year, month and day are empty."""
    for name, part in DATES.items():
        text = slide[KEY].pop(name, "")
        if not text or part in slide:
            continue
        put_date(slide, part, text, notes)
        slide[part] = {name: int(value) for name, value in slide[part].items()}
        if name == "date":
            slide.setdefault("display_date", text)
