"""Read the table that "All events" in the admin exports, by turning it into a table of our own columns."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy, override

from home.dates.parsing import parse_span
from home.dates.parts import readings
from home.dates.values import DateParseError
from home.exports.spreadsheets import guarded, unguarded
from timeline.exchange.formats.columns import IDENTITY, heading_key
from timeline.models import EventPage

# The headings of the columns that are read, by the names used here.
NAMES = {
    "when": gettext_lazy("Date"),
    "date": gettext_lazy("Date to sort by"),
    "end": gettext_lazy("End to sort by"),
    "title": gettext_lazy("Title"),
    "category": gettext_lazy("Category"),
    "verification": gettext_lazy("How sure we are"),
    "place": gettext_lazy("Place"),
    "summary": gettext_lazy("Summary"),
}
# Headings of lists that were downloaded before a column got its present name.
OLD_NAMES = {"verification": gettext_lazy("Verification")}


def in_every_language(texts: Mapping[str, str | Promise]) -> dict[str, str]:
    """Turn a mapping of texts by name into one of names by text, with the texts of each admin language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {heading_key(str(text)): name for name, text in texts.items()}
    return found


@cache
def names() -> dict[str, str]:
    return in_every_language(NAMES) | in_every_language(OLD_NAMES) | {IDENTITY: "id"}


def is_event_list(headers: Iterable[str]) -> bool:
    """Return whether a table with these headings was exported from "All events"."""
    return {"id", "date"} <= set(known_in_list(headers).values())


def known_in_list(headers: Iterable[str]) -> dict[str, str]:
    """Return the names of the known columns by their headings."""
    return {header: names()[heading_key(header)] for header in headers if heading_key(header) in names()}


def row_of_list(row: dict[str, str]) -> dict[str, str]:
    """Turn a row of the list into a row of our own columns."""
    cells = {name: row[header] for header, name in known_in_list(row).items()}
    ours = {"Unique ID": cells["id"]}
    if "title" in cells:
        # Headlines of TimelineJS are HTML.
        ours["Headline"] = guarded(escape(unguarded(cells["title"])))
    if cells.get("category"):
        ours["Group"] = guarded(escape(unguarded(cells["category"])))
    ours |= {name.capitalize(): cells[name] for name in ("place", "summary") if name in cells}
    if cells.get("verification"):
        values = in_every_language(dict(EventPage._meta.get_field("verification").flatchoices))
        word = cells["verification"]
        ours["Verification"] = values.get(heading_key(word), word)
    return ours | dates_of(cells)


def dates_of(cells: dict[str, str]) -> dict[str, str]:
    """Return the cells for start and end. Only the date in words can say "about", so it comes first."""
    try:
        start, end = parse_span(cells.get("when", ""))
    except DateParseError:
        start, end = (readings(cells.get(name, "")) for name in ("date", "end"))
        # Of several readings the first is right, since the list writes the year first.
        start, end = (found[0] if found else None for found in (start, end))
    if start is None:
        return {"Date": cells.get("when", "")}
    return {"Date": str(start), "End": str(end or "")}
