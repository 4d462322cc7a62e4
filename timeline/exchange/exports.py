"""What a timeline gives out, piece by piece: ten thousand events need as little memory as a hundred."""

import json
from datetime import UTC, datetime, time, timedelta

from django.utils.html import escape
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from home.spreadsheets import CSV, XLSX, as_csv, as_xlsx
from timeline.exchange.records import read_record
from timeline.exchange.references import Namer
from timeline.exchange.sheets import HEADERS, row_of_slide
from timeline.exchange.slide_reader import KEY
from timeline.exchange.slides import slide_of_era, slide_of_record
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
            yield [event.latest() for event in batch] if self.drafts else batch

    def slides(self):
        """The events as slides of TimelineJS, each with our record in it."""
        for batch in self.batches():
            self.namer.learn(batch)
            for event in batch:
                yield slide_of_record(read_record(event, self.namer), f"{self.address}{event.slug}/")

    def as_json(self):
        """TimelineJS 3 JSON. What an imported file had beside its events is in it."""
        timeline = self.timeline.get_latest_revision_as_object() if self.drafts else self.timeline
        kept = timeline.imported
        head = dict(kept.get("options", {}))
        title = {"headline": escape(timeline.title), "text": f"<p>{escape(timeline.summary)}</p>"}
        head["title"] = kept.get("title") or {"text": title, KEY: {"url": self.address}}
        whole = [era for era in timeline.eras.all() if era.start and era.end]
        eras = [*map(slide_of_era, whole), *kept.get("eras", [])]
        if eras:
            head["eras"] = eras
        yield f'{as_json(head)[:-1]},"events":['
        # What no event can hold has no source either, so it goes out with drafts alone.
        aside = kept.get("slides", []) if self.drafts else []
        for number, slide in enumerate((*aside, *self.slides()) if aside else self.slides()):
            yield f"{',' if number else ''}\n{as_json(slide)}"
        yield "\n]}\n"

    def as_csv(self):
        """The spreadsheet of TimelineJS, with our columns after its own."""
        return as_csv(self.rows())

    def as_xlsx(self):
        """The same spreadsheet for those who work in Excel."""
        return as_xlsx("Events", self.rows())

    def rows(self):
        yield HEADERS
        yield from map(row_of_slide, self.slides())

    def as_ics(self):
        """A calendar, in which an event that is known to its month lasts all of it."""
        calendar = Calendar()
        calendar.add("prodid", "-//New Haven LEAD Watch//Timeline//EN")
        calendar.add("version", "2.0")
        calendar.add("name", self.timeline.title)
        calendar.add("x-wr-calname", self.timeline.title)
        calendar.add("url", self.address)
        begin, end = calendar.to_ical().split(b"END:VCALENDAR")
        yield begin
        for batch in self.batches():
            for event in batch:
                yield self.entry(event).to_ical()
        yield b"END:VCALENDAR" + end

    def entry(self, event):
        last = (event.end_date or event.date).last_day
        # What was never published by the editor is as old as what it tells of.
        changed = event.last_published_at or datetime.combine(event.date.first_day, time(), UTC)
        sources = "\n".join(f"{source} {source.url}".strip() for source in event.sources.all())
        entry = Entry()
        entry.add("uid", event.unique_id)
        entry.add("dtstamp", changed)
        entry.add("last-modified", changed)
        entry.add("dtstart", event.date.first_day)
        entry.add("dtend", last + timedelta(days=1))
        entry.add("summary", event.title)
        entry.add("description", f"{event.when}\n{event.summary}\n\n{_('Sources')}:\n{sources}")
        entry.add("url", f"{self.address}{event.slug}/")
        entry.add("categories", [event.category.name])
        entry.add("transp", "TRANSPARENT")
        if event.place:
            entry.add("location", event.place)
        return entry


# What stands behind the last dot: the type of the answer, and how it is written.
FORMATS = {
    "json": ("application/json", Export.as_json),
    "csv": (CSV, Export.as_csv),
    "ics": ("text/calendar; charset=utf-8", Export.as_ics),
    "xlsx": (XLSX, Export.as_xlsx),
}


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
