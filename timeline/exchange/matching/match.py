"""A row of a file, and the existing event that it was matched with."""

import json
from dataclasses import dataclass, field
from uuid import UUID

from timeline.exchange.formats.slide_parts import Slide, part_of
from timeline.exchange.matching.existing_events import ExistingEvent
from timeline.exchange.matching.items import Item
from timeline.exchange.matching.similarity import Features, similarity


@dataclass(eq=False)
class Match:
    """
    A row of a file and the existing event that it is, if any.

    :param features: None if the row is no event.
    :param given_id: the id in the row; empty if it identifies nothing.
    :param is_same: whether exactly this slide was imported before.
    :param notes: reasons, for the editor.
    :param question: a decision that the editor has to make; empty if there is none.
    :param problem: why the row is refused; empty if it is not.
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
        """Date and headline."""
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
