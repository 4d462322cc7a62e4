"""The events that a timeline has before an import, as far as matching needs to know them."""

from collections.abc import Iterator
from dataclasses import dataclass

from home.dates.values import PreciseDate, for_people
from timeline.exchange.formats.slide_parts import Slide, identity_of
from timeline.exchange.matching.similarity import Features, features_of_slide, folded
from timeline.models import EventPage, TimelinePage


@dataclass
class ExistingEvent:
    """
    An event of the timeline.

    :param imported: the slide that it was imported from; empty if it was written here.
    :param features: those of the event now, and those of its slide.
    """

    pk: int
    unique_id: str
    title: str
    date: PreciseDate | None
    imported: Slide
    features: list[Features]

    @property
    def given_id(self) -> str:
        """The id in the file that it was imported from; empty if there was none."""
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
