"""The table that "All events" in the admin gives out, taken for a table of ours when it is sent back."""

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext, gettext_noop, override

from home.date_parts import readings
from home.dates import DateParseError, parse_span
from home.spreadsheets import guarded, unguarded
from timeline.exchange.sheets import IDENTITY, key_of
from timeline.models import EventPage

__all__ = ["is_event_list", "known_in_list", "row_of_list"]

# The headings of the list, in English, and what each is called here. Others hold words for people alone.
NAMES = {
    gettext_noop("Date"): "when",
    gettext_noop("Date to sort by"): "date",
    gettext_noop("End to sort by"): "end",
    gettext_noop("Title"): "title",
    gettext_noop("Category"): "category",
    gettext_noop("Verification"): "verification",
    gettext_noop("Place"): "place",
    gettext_noop("Summary"): "summary",
}


def in_every_language(texts):
    """What texts of the admin mean, whatever the language of whoever took the list away."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {key_of(gettext(text)): value for text, value in texts.items()}
    return found


def is_event_list(headers):
    keys = set(map(key_of, headers))
    return IDENTITY in keys and bool(keys & in_every_language({"Date to sort by": ""}).keys())


def known_in_list(headers):
    """The headings whose columns are taken in."""
    names = in_every_language(NAMES)
    return {header for header in headers if key_of(header) in names or key_of(header) == IDENTITY}


def row_of_list(row):
    """A row of the list, as a row of our own table."""
    names = in_every_language(NAMES)
    cells = {names[key_of(header)]: text for header, text in row.items() if key_of(header) in names}
    ours = {"Unique ID": next(text for header, text in row.items() if key_of(header) == IDENTITY)}
    if "title" in cells:
        # Headlines of TimelineJS are HTML.
        ours["Headline"] = guarded(escape(unguarded(cells["title"])))
    if cells.get("category"):
        ours["Group"] = guarded(escape(unguarded(cells["category"])))
    ours |= {name.capitalize(): cells[name] for name in ("place", "summary") if name in cells}
    if cells.get("verification"):
        choices = {
            str(label): value for value, label in EventPage._meta.get_field("verification").flatchoices
        }
        word = cells["verification"]
        ours["Verification"] = choices.get(word) or in_every_language(choices).get(key_of(word), word)
    return ours | dates_of(cells)


def dates_of(cells):
    """The dates; that in words says "about", the others are there where a spreadsheet has rewritten it."""
    try:
        start, end = parse_span(cells.get("when", ""))
    except DateParseError:
        start, end = (readings(cells.get(name, "")) for name in ("date", "end"))
        # Of several readings the first is ours, since the list writes the year first.
        start, end = (found[0] if found else None for found in (start, end))
    if start is None:
        return {"Date": cells.get("when", "")}
    return {"Date": str(start), "End": str(end or "")}
