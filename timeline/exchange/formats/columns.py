"""The columns of spreadsheets of events, in their order, and the headings by which they are found."""

import unicodedata
from collections.abc import Iterable

from home.text import visible
from timeline.exchange.formats.column_types import (
    Background,
    Category,
    Column,
    More,
    Number,
    OwnColumn,
    Slugs,
    Sources,
    Time,
    WholeDate,
)

TIMELINE_JS = [
    Number("Year", "start_date", "year"),
    Number("Month", "start_date", "month"),
    Number("Day", "start_date", "day"),
    Time("Time", "start_date"),
    Number("End Year", "end_date", "year"),
    Number("End Month", "end_date", "month"),
    Number("End Day", "end_date", "day"),
    Time("End Time", "end_date"),
    Column("Display Date", "display_date"),
    Column("Headline", "text", "headline"),
    Column("Text", "text", "text"),
    Column("Media", "media", "url"),
    Column("Media Credit", "media", "credit"),
    Column("Media Caption", "media", "caption"),
    Column("Media Thumbnail", "media", "thumbnail"),
    Column("Alt Text", "media", "alt"),
    Column("Type", "type"),
    Column("Group", "group"),
    Background("Background", "background"),
]
OWN_COLUMNS: list[OwnColumn] = [
    OwnColumn("Unique ID", "unique_id"),
    OwnColumn("Slug", "slug"),
    OwnColumn("Date", "date"),
    OwnColumn("End", "end_date"),
    OwnColumn("Summary", "summary"),
    OwnColumn("Place", "place"),
    OwnColumn("Verification", "verification"),
    Category("Category", "category"),
    Slugs("Concerns", "concerns"),
    Slugs("Partners", "partners"),
    Sources("Sources", "sources"),
    OwnColumn("Language", "language"),
]
OURS = [*OWN_COLUMNS, More("More", {"title", "url"} | {column.name for column in OWN_COLUMNS})]
COLUMNS: list[Column] = [*TIMELINE_JS, *OURS]
# Headings of the first TimelineJS, which are read but never written.
OLD_COLUMNS: list[Column] = [
    WholeDate("Start Date", "start_date"),
    WholeDate("End Date", "end_date"),
    Column("Tag", "group"),
]
# The dates of a table from elsewhere that has no other columns for them.
ONE_DATE = [WholeDate("Date", "start_date"), WholeDate("End", "end_date")]
# Some columns need what those before them have put into the slide.
READ_ORDER = [*COLUMNS, *OLD_COLUMNS, *ONE_DATE]
HEADERS = [column.header for column in COLUMNS]
IDENTITY = "unique id"


def heading_key(header: str) -> str:
    """Return a heading without differences of case, spacing and final punctuation."""
    return " ".join(unicodedata.normalize("NFKC", visible(header)).casefold().split()).rstrip(":*")


def is_ours(headers: Iterable[str]) -> bool:
    """Return whether a table with these headings was exported from here."""
    return IDENTITY in map(heading_key, headers)


def columns_of(headers: Iterable[str]) -> dict[str, Column]:
    """
    Return the columns of the headings that are known, by the headings as they are written.

    In a table from elsewhere, a heading of our own columns may mean something else.
    """
    headers = list(headers)
    keys = {heading_key(header) for header in headers}
    columns = [column for column in [*COLUMNS, *OLD_COLUMNS] if is_ours(headers) or column not in OURS]
    if not is_ours(headers) and not keys & {"year", "start date"}:
        columns += ONE_DATE
    if "group" in keys:
        columns = [column for column in columns if column.header != "Tag"]
    by_key = {heading_key(column.header): column for column in columns}
    return {header: by_key[heading_key(header)] for header in headers if heading_key(header) in by_key}
