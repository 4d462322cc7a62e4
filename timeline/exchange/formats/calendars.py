"""Events as entries of an iCalendar file."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from home.external_links.cleaning import link_for_visitors
from home.text import clean_line, clean_text
from timeline.models import EventPage


def calendar_frame(title: str, url: str) -> tuple[bytes, bytes]:
    """Return the beginning and the end of a calendar, between which its events stand."""
    calendar = Calendar()
    calendar.add("prodid", "-//New Haven LEAD Watch//Timeline//EN")
    calendar.add("version", "2.0")
    title = clean_line(title)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("url", url)
    begin, end = calendar.to_ical().split(b"END:VCALENDAR")
    return begin, b"END:VCALENDAR" + end


def calendar_event(event: EventPage, url: str) -> bytes:
    """Return an event as a calendar entry. An event known to its month lasts the whole month."""
    first, last = event.date.first_day, (event.end_date or event.date).last_day
    # A page that no editor has published yet has no time of its own.
    changed = event.last_published_at or datetime.combine(first, time(), UTC)
    sources = "\n".join(f"{source} {link_for_visitors(source.url)}".strip() for source in event.sources.all())
    entry = CalendarEvent()
    entry.add("uid", clean_line(event.unique_id))
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", first)
    if last < date.max:
        entry.add("dtend", last + timedelta(days=1))
    elif first < last:
        # Python has no day after December 31, 9999.
        entry.add("dtend", last)
    entry.add("summary", clean_line(event.title))
    text = f"{event.when}\n{event.summary}\n\n{_('Sources')}:\n{sources}"
    entry.add("description", "\n".join(clean_text(text).splitlines()))
    entry.add("url", clean_line(url))
    if event.category:
        entry.add("categories", [clean_line(event.category.name)])
    entry.add("transp", "TRANSPARENT")
    if event.place:
        entry.add("location", clean_line(event.place))
    return entry.to_ical()
