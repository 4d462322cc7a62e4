"""
Events as lists show them, from a fixed number of queries. They are plain values instead of pages, which cost
several times as much.

`components/event_list.html` and `components/event_brief.html` show them.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from wagtail.models import Page

from home.dates import values
from home.dates.values import PreciseDate
from home.kept import kept
from home.models import SiteDocument
from timeline.models.choices import Choice, choices_of

EVENT_FIELDS = (*("slug", "title", "date", "end_date", "place", "summary", "verification", "category__name"),)
SOURCE_FIELDS = ("title", "publisher", "url", "published", "accessed", "archived_url", "note")
DOCUMENT_FIELDS = ("id", "title", "file", "file_size", "collection_id")


@dataclass(slots=True)
class ListedEvent:
    """An event in a list. A brief one has no `sources`, `public_concerns` and `public_partners`."""

    pk: int
    slug: str
    title: str
    date: PreciseDate | None
    end_date: PreciseDate | None
    place: str
    summary: str
    verification: str
    category: str
    url: str
    when: str
    when_for_machines: str
    sources: list["ListedSource"]
    public_concerns: list[Choice]
    public_partners: list[Choice]


@dataclass(slots=True)
class ListedSource:
    """A source with what `components/source.html` shows."""

    title: str
    publisher: str
    url: str
    published: PreciseDate | None
    accessed: dt.date | None
    archived_url: str
    note: str
    document: SiteDocument | None


def listed(events, brief=False):
    """Return the ListedEvents of an EventQuerySet, in its order."""
    rows = list(events.values_list("path", "pk", *EVENT_FIELDS))
    keys = [] if brief else [pk for _path, pk, *_rest in rows]
    sources = sources_of(events.model, keys)
    concerns, partners = choices_of(events.model, keys)
    urls = {timeline: url_at(timeline) for timeline in {path[: -Page.steplen] for path, *_rest in rows}}
    found = []
    for path, pk, slug, title, date, end, *rest in rows:
        url = f"{urls[path[: -Page.steplen]]}{quote(slug)}/"
        when, machine = (values.for_people(date, end), values.for_machines(date)) if date else ("", "")
        related = sources[pk], concerns[pk], partners[pk]
        found.append(ListedEvent(pk, slug, title, date, end, *rest, url, when, machine, *related))
    return found


@kept
def url_at(path):
    """Return the URL of the timeline at this path of the tree."""
    return Page.objects.select_related("locale").get(path=path).url


def sources_of(model, keys):
    """Return lists of ListedSources by the primary key of the event."""
    found = defaultdict(list)
    if not keys:
        return found
    sources = model._meta.get_field("sources").related_model.objects
    columns = ("owner_id", *SOURCE_FIELDS, *(f"document__{name}" for name in DOCUMENT_FIELDS))
    for owner, *row in sources.filter(owner__in=keys).order_by("sort_order", "pk").values_list(*columns):
        fields, file = row[: len(SOURCE_FIELDS)], row[len(SOURCE_FIELDS) :]
        document = SiteDocument(**dict(zip(DOCUMENT_FIELDS, file, strict=True))) if file[0] else None
        found[owner].append(ListedSource(*fields, document))
    return found
