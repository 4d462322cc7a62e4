"""
Events as lists show them, from a fixed number of queries. They are plain values instead of pages, which cost
several times as much.

`components/event.html` and `components/event_brief.html` show them.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from wagtail.models import Page

from home.addresses.sections import address_at
from home.dates import values
from home.dates.values import PreciseDate
from home.kept.prepared import Parameters, Prepared
from home.models import SiteDocument
from timeline.models.choices import Choice, choices_of

EVENT_FIELDS = (*("slug", "title", "date", "end_date", "place", "summary", "verification", "category__name"),)
SOURCE_FIELDS = ("title", "publisher", "url", "published", "accessed", "archived_url", "note")
DOCUMENT_FIELDS = ("id", "title", "file", "file_size", "collection_id")


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """
    An event in a list. A brief one has no `sources`, `public_concerns` and `public_partners`.

    Events that are shown alike are equal, since their HTML is kept.
    """

    pk: int
    slug: str
    title: str
    date: PreciseDate | None = field(compare=False)
    end_date: PreciseDate | None = field(compare=False)
    place: str
    summary: str
    verification: str
    category: str
    url: str
    when: str
    when_for_machines: str
    sources: tuple["ListedSource", ...]
    public_concerns: tuple[Choice, ...]
    public_partners: tuple[Choice, ...]
    # If it isn't that of the page.
    language: str = ""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source with what `components/source.html` shows."""

    title: str
    publisher: str
    url: str
    published: PreciseDate | None
    accessed: dt.date | None
    archived_url: str
    note: str
    document: "ListedFile | None"


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that visitors may read."""

    url: str
    file_extension: str
    file_size: int | None
    is_open: bool = True


def listed(events, brief=False):
    """Return the ListedEvents of an EventQuerySet, in its order."""
    return listed_from(rows_of(events), events.model, brief)


def rows_of(events):
    """Return the events of an EventQuerySet as rows for `listed_from`, in a queryset."""
    return events.values_list("path", "pk", *EVENT_FIELDS)


def listed_from(rows, model, brief=False):
    rows = list(rows)
    keys = [] if brief else [pk for _path, pk, *_rest in rows]
    sources = sources_of(model, keys)
    concerns, partners = choices_of(model, keys)
    urls = {timeline: address_at(timeline) for timeline in {path[: -Page.steplen] for path, *_rest in rows}}
    found = []
    for path, pk, slug, title, date, end, *rest in rows:
        url = f"{urls[path[: -Page.steplen]]}{quote(slug)}/"
        when, machine = (values.for_people(date, end), values.for_machines(date)) if date else ("", "")
        related = tuple(sources[pk]), tuple(concerns[pk]), tuple(partners[pk])
        found.append(ListedEvent(pk, slug, title, date, end, *rest, url, when, machine, *related))
    return found


def sources_of(model, keys):
    """Return lists of ListedSources by the primary key of the event."""
    found = defaultdict(list)
    if not keys:
        return found
    for owner, *row in source_rows(model)(keys):
        fields, file = row[: len(SOURCE_FIELDS)], row[len(SOURCE_FIELDS) :]
        found[owner].append(ListedSource(*fields, listed_file(*file)))
    return found


def listed_file(pk, *values):
    if pk is None:
        return None
    file = SiteDocument(pk, **dict(zip(DOCUMENT_FIELDS[1:], values, strict=True)))
    return ListedFile(file.url, file.file_extension, file.file_size) if file.is_open else None


@lru_cache
def source_rows(model):
    """Return the query of the sources of some events, and of their files, as rows."""
    sources = model._meta.get_field("sources").related_model.objects.filter(owner__in=Parameters(0))
    columns = ("owner_id", *SOURCE_FIELDS, *(f"document__{name}" for name in DOCUMENT_FIELDS))
    return Prepared(sources.order_by("sort_order", "pk").values_list(*columns))
