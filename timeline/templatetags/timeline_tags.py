"""What templates of every app need from `timeline`."""

from itertools import groupby

from django import template
from django.utils.translation import get_language, gettext

from timeline.filters import YEARS
from timeline.graphics.axis import Axis
from timeline.graphics.scale import days_of
from timeline.graphics.years import years_of
from timeline.models import EventPage

register = template.Library()


@register.simple_tag
def evidence_for(concern):
    """The events that bear on a concern, in the order of time."""
    return visible_events().about([concern]).with_details().in_time_order()


@register.simple_tag
def events_of(partner):
    """The events in which a partner took part, in the order of time."""
    return visible_events().taken_part_in_by([partner]).with_details().in_time_order()


@register.simple_tag
def latest_events(timeline=None, limit=3):
    """
    The newest events, the newest first, without what belongs to them.

    :param timeline: a TimelinePage, or None for all events in the active language.
    """
    return events_in(timeline).select_related("category").in_time_order(newest_first=True)[:limit]


@register.simple_tag
def events_for(timeline=None, concern=None, year="", limit=5):
    """
    A part of the timeline, the newest events first.

    :param timeline: a TimelinePage, or None for all events in the active language.
    :param concern: a ConcernPage on which the events bear, or None.
    :param year: "2018", or "2017-2019", or nothing; years that mean nothing are left out.
    :param limit: how many events at most.
    """
    events = events_in(timeline).with_details()
    if concern:
        events = events.about([concern])
    if found := YEARS.fullmatch(year or ""):
        events = events.overlapping([(int(found[1]), int(found[2] or found[1]))])
    return events.in_time_order(newest_first=True)[: limit or None]


@register.simple_tag
def years_on(timeline):
    """The Years of a timeline, given as any page; none without one."""
    if not timeline:
        return []
    events = EventPage.objects.on_timeline(timeline).for_visitors()
    return years_of(events.order_by().values_list("date", flat=True))


@register.simple_tag
def years_among(events):
    """The Years of these events."""
    return years_of(event.date for event in events)


@register.filter
def by_year(events):
    """Pairs of a year and its events, in the order of the events; the year is None without a date."""
    groups = groupby(events, key=lambda event: event.date.year if event.date else None)
    return [(year, list(group)) for year, group in groups]


@register.simple_tag(takes_context=True)
def event_anchor(context, event, ahead=False):
    """
    The id of an event in a list: `event-<slug>`. Where a page shows an event again, a number follows.

    :param ahead: for a link to the event; the id is the one that it will have when it is shown next.
    """
    anchor = f"event-{event.slug}"
    request = context.get("request")
    if request is None:
        return anchor
    taken = request.__dict__.setdefault("_event_anchors", {})
    number = taken.get(anchor, 0) + 1
    if not ahead:
        taken[anchor] = number
    return anchor if number == 1 else f"{anchor}-{number}"


@register.simple_tag
def axis_of(events, eras, zoom=""):
    """The Axis of events among eras; what is no Zoom leaves the choice to the picture."""
    return Axis(events, eras, zoom)


@register.simple_tag
def eras_around(events, timeline):
    """The eras of a timeline in which something from the first to the last of these events lies, in order."""
    days = [days_of(event) for event in events if event.date]
    if not days:
        return []
    first, after = min(days)[0], max(after for _first, after in days)
    eras = [era for era in timeline.eras.all() if era.start and era.end]
    near = (
        era
        for era in eras
        if era.start.first_day.toordinal() < after and first <= era.end.last_day.toordinal()
    )
    return sorted(near, key=lambda era: (era.start.first_day, era.end.last_day))


@register.simple_tag
def filter_words(names):
    """
    Name filters in a visitor's words, never with their values.

    :param names: parameters of the query string; those that only change the look are left out.
    """
    words = {
        "kind": gettext("kind"),
        "category": gettext("category"),
        "concern": gettext("concern"),
        "partner": gettext("partner"),
        "year": gettext("year"),
        "order": gettext("order"),
        "event": gettext("event"),
    }
    return [words[name] for name in dict.fromkeys(names) if name in words]


def visible_events():
    return EventPage.objects.originals().for_visitors()


def events_in(timeline):
    """The events of a timeline; without one, those in the active language."""
    if timeline:
        return timeline.specific.events
    return visible_events().filter(locale__language_code=get_language())
