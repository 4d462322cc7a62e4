"""Date, headline and words of a slide or an event, by which one is compared with another."""

import unicodedata
from typing import NamedTuple

from timeline.exchange.formats.slide_reader import (
    KEY,
    NotAnEvent,
    Reading,
    address_of,
    part_of,
    plain,
    title_and_words,
)

__all__ = ["Gist", "folded", "gist_of_item", "gist_of_slide", "likeness", "same_where_said"]


class Gist(NamedTuple):
    """The parts that tell one event from another, folded so that case and spacing make no difference."""

    date: str
    headline: str
    words: str


def likeness(gist, other, may_be_unsaid):
    """
    Count the parts that are the same.

    A row of ours may leave parts out. Words that both lack count as the same within a day, but not within a
    month or a year, which have too many events for that.
    """
    pairs = zip(gist, other, strict=True)
    found = sum(part == there or (may_be_unsaid and not part) for part, there in pairs)
    is_year_or_month = len(gist.date) < len("2019-05-03")
    return found - (not may_be_unsaid and is_year_or_month and gist.words == other.words == "")


def same_where_said(gist, other):
    """Whether date and headline are the same, as far as a row says them."""
    return gist.date in ("", other.date) and gist.headline in ("", other.headline)


def gist_of_item(item):
    if record := item.record:
        return Gist(*(folded(str(record.get(name) or "")) for name in ("date", "title", "summary")))
    return gist_of_slide(item.slide)


def gist_of_slide(slide):
    try:
        date, _end = Reading(slide, None).read_dates()
    except NotAnEvent:
        return None
    title, words = title_and_words(slide, date)
    if not words and not plain(part_of(slide, "text").get("headline")):
        # Nothing but its picture tells it from another one of the same day.
        words = address_of(part_of(slide, "media"))
    # A new row of our own table may have a summary beside its text.
    summary = str(part_of(slide, KEY).get("summary") or "")
    return Gist(str(date), folded(title), folded(summary or words))


def folded(text):
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
