"""Exports of a timeline, streamed: ten thousand events need no more memory than a hundred."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx
from home.exports.streaming import in_language_of_caller
from home.external_links.cleaning import link_for_visitors
from home.skipping import each_made
from home.text import clean_data, clean_line, clean_text, is_clean
from timeline.exchange.fields import read_event
from timeline.exchange.formats.columns import HEADERS
from timeline.exchange.formats.sheets import row_of_slide
from timeline.exchange.formats.slide_reader import KEY, Slide
from timeline.exchange.formats.slides import slide_of_data, slide_of_era
from timeline.exchange.references.namer import Namer
from timeline.exchange.rows import rows_of
from timeline.models import EventPage, TimelinePage
from timeline.models.translations import translations_of
from timeline.querysets import EventQuerySet

# JSON writes control characters like this.
ESCAPED = re.compile(r"\\[bfu]")
# Events that are in memory at a time.
BATCH = 500


class Export:
    """An export of some events of a timeline, in the order of `events`."""

    def __init__(
        self, timeline: TimelinePage, events: EventQuerySet, drafts: bool = False, language: str = ""
    ) -> None:
        """
        :param events: the events in the order of the file.
        :param drafts: whether to export each event's latest draft, and what is not public. Only for editors.
        :param language: if given, public translations in it stand for the events that have one.
        """
        self.timeline = timeline
        self.events = events
        self.drafts = drafts
        self.namer = Namer(timeline, drafts)
        self.language = language
        self.place = timeline.in_language(language) if language else timeline
        self.address = self.place.full_url or ""
        self.addresses = {self.place.locale_id: self.address} | {timeline.locale_id: timeline.full_url or ""}

    def batches(self) -> Iterator[list[Any]]:
        """Yield the events in batches, as EventPages or EventRows, each in a fixed number of queries."""
        keys = list(self.events.values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            if self.place.pk != self.timeline.pk:
                translations = translations_of(some, self.language)
                some = [translations.get(key, key) for key in some]
            yield self.drafts_of(some) if self.drafts else rows_of(some)

    def drafts_of(self, keys: list[int]) -> list[EventPage]:
        found = EventPage.objects.filter(pk__in=keys).for_exchange().in_bulk()
        return list(each_made(EventPage.latest, [found[key] for key in keys if key in found]))

    def each(self, make: Callable[[EventPage], Any]) -> Iterator[Any]:
        """Yield what `make` returns for each event. An event for which it fails is left out and logged."""
        for batch in self.batches():
            self.namer.load(batch)
            yield from each_made(make, batch, "EventPage")

    def url_of(self, event: EventPage) -> str:
        return f"{self.addresses.get(event.locale_id, self.address)}{event.slug}/"

    def slide(self, event: EventPage) -> Slide:
        return slide_of_data(read_event(event, self.namer), self.url_of(event))

    @in_language_of_caller
    def as_json(self) -> Iterator[str]:
        """Yield JSON of TimelineJS 3. It has what an imported file had beside its events."""
        timeline = self.timeline.get_latest_revision_as_object() if self.drafts else self.place
        kept = timeline.imported if isinstance(timeline.imported, dict) else {}
        head = dict(kept.get("options", {}))
        title = {"headline": escape(timeline.title), "text": f"<p>{escape(timeline.summary)}</p>"}
        head["title"] = kept.get("title") or {"text": title, KEY: {"url": self.address}}
        whole = [era for era in timeline.eras.all() if era.start and era.end]
        eras = [*each_made(slide_of_era, whole), *kept.get("eras", [])]
        if eras:
            head["eras"] = eras
        yield f'{as_json(head)[:-1]},"events":['
        # Slides that no event can hold have no source, so only exports with drafts have them.
        undated = kept.get("slides", []) if self.drafts else []
        slides = self.each(lambda event: as_json(self.slide(event)))
        for number, slide in enumerate(chain(map(as_json, undated), slides)):
            yield f"{',' if number else ''}\n{slide}"
        yield "\n]}\n"

    def as_csv(self) -> Iterable[str | bytes]:
        """Return the columns of TimelineJS, with our own columns after them."""
        return as_csv(self.rows())

    def as_xlsx(self) -> Iterable[str | bytes]:
        return as_xlsx("Events", self.rows())

    def rows(self) -> Iterator[list[str]]:
        yield HEADERS
        yield from self.each(lambda event: row_of_slide(self.slide(event)))

    @in_language_of_caller
    def as_ics(self) -> Iterator[bytes]:
        begin, end = calendar_frame(self.place.title, self.address)
        yield begin
        yield from self.each(self.entry)
        yield end

    def entry(self, event: EventPage) -> bytes:
        return calendar_event(event, self.url_of(event), self.namer.languages[event.locale_id])


# File extensions, each with its content type and the function that writes the file.
FORMATS = {
    "json": ("application/json", Export.as_json),
    "csv": (CSV, Export.as_csv),
    "ics": ("text/calendar; charset=utf-8", Export.as_ics),
    "xlsx": (XLSX, Export.as_xlsx),
}


def as_json(value: Any) -> str:
    """Return clean data as JSON. Nearly all data is clean already, which the finished text shows fastest."""
    try:
        text = dumps(value, allow_nan=False)
    except ValueError:
        return dumps(clean_data(value))
    return dumps(clean_data(value)) if ESCAPED.search(text) or not is_clean(text) else text


dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def calendar_frame(title: str, url: str) -> tuple[bytes, bytes]:
    """Return the beginning and the end of a calendar, between which its events stand."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//New Haven LEAD Watch//Timeline//EN")
    calendar.add("version", "2.0")
    title = clean_line(title)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("url", url)
    begin, end = calendar.to_ical().split(b"END:VCALENDAR")
    return begin, b"END:VCALENDAR" + end


def calendar_event(event: EventPage, url: str, language: str) -> bytes:
    """Return an event as a calendar entry. An event known to its month lasts the whole month."""
    from icalendar import Event

    first, last = event.date.first_day, (event.end_date or event.date).last_day
    # A page that no editor has published yet has no time of its own.
    changed = event.last_published_at or datetime.combine(first, time(), UTC)
    sources = "\n".join(f"{source} {link_for_visitors(source.url)}".strip() for source in event.sources.all())
    entry = Event()
    entry.add("uid", clean_line(event.unique_id))
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", first)
    if last < date.max:
        entry.add("dtend", last + timedelta(days=1))
    elif first < last:
        # Python has no day after December 31, 9999.
        entry.add("dtend", last)
    spoken = {"LANGUAGE": language}
    entry.add("summary", clean_line(event.title), parameters=spoken)
    text = f"{event.when}\n{event.summary}\n\n{_('Sources')}:\n{sources}"
    entry.add("description", "\n".join(clean_text(text).splitlines()), parameters=spoken)
    entry.add("url", clean_line(url))
    if event.category:
        entry.add("categories", [clean_line(event.category.name)])
    entry.add("transp", "TRANSPARENT")
    if event.place:
        entry.add("location", clean_line(event.place))
    return entry.to_ical()
