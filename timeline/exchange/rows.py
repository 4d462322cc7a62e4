"""Published events for exports, as plain values. Fetching them as pages takes much longer."""

from collections import defaultdict
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from home.dates import values
from home.kept.prepared import Parameters, Prepared
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
    *("search_description", "imported", "last_published_at", "locale_id"),
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
    find_events, find_sources, find_corrections, find_concerns, find_partners = queries()
    found = {row[0]: EventRow(**dict(zip(COLUMNS, row, strict=True))) for row in find_events(keys)}
    categories = EventCategory.objects.in_bulk({event.category_id for event in found.values()} - {None})
    sources = by_owner((each.owner_id, each) for each in find_sources(keys))
    corrections = by_owner((each.page_id, each) for each in find_corrections(keys))
    concerns = by_owner((event, NamedPage(pk, slug)) for event, pk, slug in find_concerns(keys))
    partners = by_owner((event, NamedPage(pk, slug)) for event, pk, slug in find_partners(keys))
    for key, event in found.items():
        event.category = categories.get(event.category_id)
        event.sources, event.corrections = sources[key], corrections[key]
        event.concerns, event.partners = concerns[key], partners[key]
    return [found[key] for key in keys if key in found]


@lru_cache
def queries() -> list[Prepared]:
    """Return the queries of events, sources, corrections, concerns and partners by the keys of events."""
    return [
        Prepared(EventPage.objects.filter(pk__in=Parameters(0)).values_list(*COLUMNS)),
        Prepared(EventSource.objects.filter(owner__in=Parameters(0))),
        Prepared(Correction.objects.filter(page__in=Parameters(0))),
        Prepared(pages_of(EventPage.concerns.through, "concernpage")),
        Prepared(pages_of(EventPage.partners.through, "partnerpage")),
    ]


def pages_of(through: Any, name: str) -> Any:
    """Return the query of a relation to pages: the keys of event and page, and the slug, for each pair."""
    pairs = through.objects.filter(eventpage__in=Parameters(0))
    return pairs.values_list("eventpage_id", f"{name}_id", f"{name}__slug")


def by_owner(pairs: Any) -> defaultdict[int, Related]:
    found: defaultdict[int, Related] = defaultdict(Related)
    for owner, thing in pairs:
        found[owner].append(thing)
    return found
