"""Date, headline and text of a slide or an event, by which one is compared with another."""

import unicodedata
from typing import Any, NamedTuple

from timeline.exchange.formats.slide_reader import (
    KEY,
    NotAnEvent,
    Slide,
    address_of,
    part_of,
    plain,
    read_dates,
    title_and_words,
)
from timeline.exchange.matching.items import Item


class Features(NamedTuple):
    """The parts that tell one event from another, folded to ignore case and spacing."""

    date: str
    headline: str
    text: str


def similarity(features: Features, other: Features, may_be_missing: bool) -> int:
    """
    Count the parts that are the same.

    :param may_be_missing: whether an empty part of `features` counts as the same, as in our own tables,
        which may leave columns out. Otherwise two empty texts count as the same within a day, but not within
        a month or a year, which have too many events for that.
    """
    pairs = zip(features, other, strict=True)
    count = sum(part == there or (may_be_missing and not part) for part, there in pairs)
    is_year_or_month = len(features.date) < len("2019-05-03")
    both_empty = features.text == other.text == ""
    return count - (not may_be_missing and is_year_or_month and both_empty)


def same_where_given(features: Features, other: Features) -> bool:
    """Return whether date and headline are the same, as far as `features` has them."""
    return features.date in ("", other.date) and features.headline in ("", other.headline)


def features_of_item(item: Item) -> Features | None:
    """Return the features of an event of a file, or None if it has no date that can be read."""
    if data := item.event_data:
        return Features(*(folded(data.get(name)) for name in ("date", "title", "summary")))
    return features_of_slide(item.slide)


def features_of_slide(slide: Slide) -> Features | None:
    try:
        date, _end, _notes = read_dates(slide)
    except NotAnEvent:
        return None
    title, words = title_and_words(slide, date)
    if not words and not plain(part_of(slide, "text").get("headline")):
        # Only its media tells it from others of the same date.
        words = address_of(part_of(slide, "media"))
    # A new row of our own table may have a summary beside its text.
    summary = str(part_of(slide, KEY).get("summary") or "")
    return Features(str(date), folded(title), folded(summary or words))


def folded(text: Any) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(text or "")).casefold().split())
