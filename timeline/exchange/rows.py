"""Published events for exports, as plain values. Fetching them as pages takes much longer."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any, NamedTuple

from home.dates import values
from home.models import Correction
from timeline.models import EventCategory, EventPage, EventSource

COLUMNS = (
    *(
        "pk",
        "unique_id",
        "title",
        "slug",
        "date",
        "end_date",
        "category_id",
        "place",
        "summary",
        "verification",
    ),
    *("lead_image_id", "body", "last_reviewed", "listing_image_id", "social_image_id", "seo_title"),
    *("search_description", "imported", "last_published_at"),
)


class Related(list):
    """Objects that belong to an event. Like a manager, it has `all`."""

    def all(self) -> list:
        return self


class NamedPage(NamedTuple):
    pk: int
    slug: str


class EventRow(SimpleNamespace):
    """An event with the attributes of an EventPage that exports read."""

    @property
    def when(self) -> str:
        return values.for_people(self.date, self.end_date) if self.date else ""


def rows_of(keys: list[int]) -> list[EventRow]:
    """Return the events with these primary keys, in this order, from a fixed number of queries."""
    events = EventPage.objects.filter(pk__in=keys).values_list(*COLUMNS)
    found = {row[0]: EventRow(**dict(zip(COLUMNS, row, strict=True))) for row in events}
    categories = EventCategory.objects.in_bulk({event.category_id for event in found.values()} - {None})
    sources = by_owner((each.owner_id, each) for each in EventSource.objects.filter(owner__in=keys))
    corrections = by_owner((each.page_id, each) for each in Correction.objects.filter(page__in=keys))
    concerns = by_owner(pages_of(EventPage.concerns.through, "concernpage", keys))
    partners = by_owner(pages_of(EventPage.partners.through, "partnerpage", keys))
    for key, event in found.items():
        event.category = categories.get(event.category_id)
        event.sources, event.corrections = sources[key], corrections[key]
        event.concerns, event.partners = concerns[key], partners[key]
    return [found[key] for key in keys if key in found]


def pages_of(through: Any, name: str, keys: list[int]) -> Any:
    """Yield the primary key of an event and a page of a relation to pages, for each pair."""
    pairs = through.objects.filter(eventpage__in=keys)
    rows = pairs.values_list("eventpage_id", f"{name}_id", f"{name}__slug")
    return ((event, NamedPage(pk, slug)) for event, pk, slug in rows)


def by_owner(pairs: Any) -> defaultdict[int, Related]:
    found: defaultdict[int, Related] = defaultdict(Related)
    for owner, thing in pairs:
        found[owner].append(thing)
    return found
