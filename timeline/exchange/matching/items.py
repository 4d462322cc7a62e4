"""The events of a file, before they are compared with the database."""

from dataclasses import dataclass, field
from typing import Any

from home.text import visible
from timeline.exchange.formats.slide_reader import KEY, Slide, identity_of, part_of, plain


@dataclass
class Item:
    """An event of a file. `number` is its row; `problem` says why it has no slide, if it has none."""

    number: int
    slide: Slide
    problem: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def event_data(self) -> dict[str, Any] | None:
        """The event's fields as this site exported them, or None if the file comes from elsewhere."""
        data = part_of(self.slide, KEY)
        return data if data.get("unique_id") else None

    @property
    def title(self) -> str:
        # A headline is HTML, our own title is not.
        own = " ".join(str(part_of(self.slide, KEY).get("title") or "").split())
        title = own or plain(part_of(self.slide, "text").get("headline"))
        return title if visible(title).strip() else ""

    @property
    def given_id(self) -> str:
        """The id in the file, ours or that of TimelineJS; empty if there is none."""
        return identity_of((self.event_data or self.slide).get("unique_id"))
