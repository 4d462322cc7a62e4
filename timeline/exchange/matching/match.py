"""A row of a file, and the existing event that it was matched with."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from home.dates.values import PreciseDate, for_people
from timeline.exchange.formats.slide_reader import Slide, identity_of, part_of
from timeline.exchange.matching.items import Item
from timeline.exchange.matching.similarity import Features, features_of_slide, folded, similarity
from timeline.models import EventPage, TimelinePage


@dataclass
class ExistingEvent:
    """An event of the timeline, with the features that it has now and those of its imported slide."""

    pk: int
    unique_id: str
    title: str
    date: PreciseDate | None
    imported: Slide
    features: list[Features]

    @property
    def given_id(self) -> str:
        return identity_of(self.imported.get("unique_id"))

    def __str__(self) -> str:
        return f"“{self.title}” ({for_people(self.date)})" if self.date else f"“{self.title}”"


def existing_events(timeline: TimelinePage) -> Iterator[ExistingEvent]:
    """Yield the events of a timeline. Aliases are left out: they are events of another place."""
    events = EventPage.objects.child_of(timeline).filter(alias_of=None).order_by("pk")
    for pk, unique_id, title, date, summary, imported in events.values_list(
        "pk", "unique_id", "title", "date", "summary", "imported"
    ):
        imported = imported if isinstance(imported, dict) else {}
        features = [Features(str(date or ""), folded(title), folded(summary))]
        if imported and (of_slide := features_of_slide(imported)):
            features.append(of_slide)
        yield ExistingEvent(pk, unique_id, title, date, imported, features)


@dataclass(eq=False)
class Match:
    """
    A row of a file and the existing event that it is, if any.

    :param features: None if the row is no event.
    :param given_id: the id in the row; empty if it identifies nothing.
    :param is_same: whether exactly this slide was imported before.
    :param question: a decision that the editor has to make; empty if there is none.
    """

    item: Item
    features: Features | None = None
    given_id: str = ""
    event: ExistingEvent | None = None
    is_same: bool = False
    notes: list[str] = field(default_factory=list)
    question: str = ""
    problem: str = ""

    @property
    def start(self) -> tuple[str, ...] | None:
        return self.features[:2] if self.features else None

    def similarity(self, event: ExistingEvent) -> int:
        """Return how many of date, headline and text the row and an event have in common."""
        if self.features is None:
            return 0
        is_ours = self.item.event_data is not None
        return max(similarity(self.features, other, may_be_missing=is_ours) for other in event.features)


def is_random_id(given_id: str) -> bool:
    """Return whether an id was made at random, so that no other file can have it by chance."""
    try:
        return str(UUID(given_id)) == given_id
    except ValueError:
        return False


def slide_key(slide: Slide) -> str:
    """Return the same text for equal slides."""
    return json.dumps(slide, sort_keys=True)


def key_without_headline(slide: Slide) -> str | None:
    """Return a text for all of a slide but headline and id; None if that is too little to match by."""
    text = part_of(slide, "text")
    if not text.get("text") and not slide.get("media"):
        return None
    rest = {name: value for name, value in slide.items() if name != "unique_id"}
    return slide_key(rest | {"text": {name: value for name, value in text.items() if name != "headline"}})
