"""Exports of a timeline, piece by piece: ten thousand events need as little memory as a hundred."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from django.utils.html import escape
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx
from home.exports.streaming import in_language_of_caller
from home.external_links.cleaning import link_for_visitors
from home.skipping import each_made
from home.text import clean_data, clean_line, clean_text
from timeline.exchange.fields import read_event
from timeline.exchange.formats.sheets import HEADERS, row_of_slide
from timeline.exchange.formats.slide_reader import KEY
from timeline.exchange.formats.slides import slide_of_era, slide_of_record
from timeline.exchange.references.namer import Namer
from timeline.models import EventPage

__all__ = ["FORMATS", "Export"]

# Events that are in memory at a time.
BATCH = 200


class Export:
    """Some events of a timeline on their way out."""

    def __init__(self, timeline, events, drafts=False):
        """
        :param events: an EventQuerySet in the order in which they go out.
        :param drafts: whether what is not published goes out too, and each event as its latest draft has it.
            Only for those who may edit.
        """
        self.timeline = timeline
        self.events = events
        self.drafts = drafts
        self.namer = Namer(timeline, drafts)
        self.address = timeline.full_url or ""

    def batches(self):
        """The events, some at a time. The queries for each batch do not grow with it."""
        keys = list(self.events.values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            found = EventPage.objects.filter(pk__in=some).for_exchange().in_bulk()
            batch = [found[key] for key in some if key in found]
            yield list(each_made(EventPage.latest, batch)) if self.drafts else batch

    def each(self, make):
        """Yield what `make` returns for each event; leave out an event for which it fails."""
        for batch in self.batches():
            self.namer.load(batch)
            yield from each_made(make, batch)

    def slide(self, event):
        """The event as a slide of TimelineJS, with our record in it."""
        return slide_of_record(read_event(event, self.namer), f"{self.address}{event.slug}/")

    @in_language_of_caller
    def as_json(self):
        """TimelineJS 3 JSON. What an imported file had beside its events is in it."""
        timeline = self.timeline.get_latest_revision_as_object() if self.drafts else self.timeline
        kept = timeline.imported if isinstance(timeline.imported, dict) else {}
        head = dict(kept.get("options", {}))
        title = {"headline": escape(timeline.title), "text": f"<p>{escape(timeline.summary)}</p>"}
        head["title"] = kept.get("title") or {"text": title, KEY: {"url": self.address}}
        whole = [era for era in timeline.eras.all() if era.start and era.end]
        eras = [*each_made(slide_of_era, whole), *kept.get("eras", [])]
        if eras:
            head["eras"] = eras
        yield f'{as_json(head)[:-1]},"events":['
        # What no event can hold has no source either, so it goes out with drafts alone.
        aside = kept.get("slides", []) if self.drafts else []
        slides = self.each(lambda event: as_json(self.slide(event)))
        for number, slide in enumerate(chain(map(as_json, aside), slides)):
            yield f"{',' if number else ''}\n{slide}"
        yield "\n]}\n"

    def as_csv(self):
        """The spreadsheet of TimelineJS, with our columns after its own."""
        return as_csv(self.rows())

    def as_xlsx(self):
        """The same spreadsheet for those who work in Excel."""
        return as_xlsx("Events", self.rows())

    def rows(self):
        yield HEADERS
        yield from self.each(lambda event: row_of_slide(self.slide(event)))

    @in_language_of_caller
    def as_ics(self):
        """A calendar, in which an event that is known to its month lasts all of it."""
        calendar = Calendar()
        calendar.add("prodid", "-//New Haven LEAD Watch//Timeline//EN")
        calendar.add("version", "2.0")
        title = clean_line(self.timeline.title)
        calendar.add("name", title)
        calendar.add("x-wr-calname", title)
        calendar.add("url", self.address)
        begin, end = calendar.to_ical().split(b"END:VCALENDAR")
        yield begin
        yield from self.each(lambda event: self.entry(event).to_ical())
        yield b"END:VCALENDAR" + end

    def entry(self, event):
        """The event as an entry of a calendar."""
        first, last = event.date.first_day, (event.end_date or event.date).last_day
        # What was never published by the editor is as old as what it tells of.
        changed = event.last_published_at or datetime.combine(first, time(), UTC)
        sources = "\n".join(
            f"{source} {link_for_visitors(source.url)}".strip() for source in event.sources.all()
        )
        entry = Entry()
        entry.add("uid", clean_line(event.unique_id))
        entry.add("dtstamp", changed)
        entry.add("last-modified", changed)
        entry.add("dtstart", first)
        if last < date.max:
            entry.add("dtend", last + timedelta(days=1))
        elif first < last:
            # There is no day after the last one of the calendar.
            entry.add("dtend", last)
        entry.add("summary", clean_line(event.title))
        text = f"{event.when}\n{event.summary}\n\n{_('Sources')}:\n{sources}"
        entry.add("description", "\n".join(clean_text(text).splitlines()))
        entry.add("url", clean_line(f"{self.address}{event.slug}/"))
        if event.category:
            entry.add("categories", [clean_line(event.category.name)])
        entry.add("transp", "TRANSPARENT")
        if event.place:
            entry.add("location", clean_line(event.place))
        return entry


# What stands behind the last dot: the type of the answer, and how it is written.
FORMATS = {
    "json": ("application/json", Export.as_json),
    "csv": (CSV, Export.as_csv),
    "ics": ("text/calendar; charset=utf-8", Export.as_ics),
    "xlsx": (XLSX, Export.as_xlsx),
}


def as_json(value):
    return json.dumps(clean_data(value), ensure_ascii=False, separators=(",", ":"))
