"""Template tags for events and timelines."""

import re
from collections import Counter
from functools import lru_cache
from itertools import groupby

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from home.kept.prepared import Parameter, Prepared
from home.privacy import hidden_paths
from timeline.filters import YEARS
from timeline.graphics.axis import Axis
from timeline.graphics.scale import days_of
from timeline.models import EventPage
from timeline.models.event import counts_on
from timeline.models.listing import listed, listed_from, rows_of
from timeline.windows import Windows

register = template.Library()

# The query string of a year on a timeline without filters.
PLAIN = re.compile(r"(?:\?page=\d+)?")


@register.simple_tag
def evidence_for(concern):
    """Return the events that are evidence for a concern, in order of time."""
    return listed_from(evidence(hidden_paths())(concern.pk), EventPage)


@register.simple_tag
def events_of(partner):
    """Return the events in which a partner took part, in order of time."""
    return listed_from(participation(hidden_paths())(partner.pk), EventPage)


@register.simple_tag
def latest_events(timeline=None, limit=3):
    """
    Return the newest events first, without their sources, concerns and partners.

    :param timeline: a TimelinePage, or None for all events in the active language.
    """
    if timeline:
        return listed(events_in(timeline).in_time_order(newest_first=True)[:limit], brief=True)
    return listed_from(latest(get_language(), limit, hidden_paths())(), EventPage, brief=True)


@register.simple_tag
def events_for(timeline=None, concern=None, year="", limit=5):
    """
    Return the events for a block on a page, newest first.

    :param timeline: a TimelinePage, or None for all events in the active language.
    :param concern: the ConcernPage for which the events are evidence, or None.
    :param year: "2018" or "2017-2019". Anything else is ignored.
    :param limit: maximum number of events; 0 for all.
    """
    events = events_in(timeline)
    if concern:
        events = events.about([concern])
    if found := YEARS.fullmatch(year or ""):
        events = events.overlapping([(int(found[1]), int(found[2] or found[1]))])
    return listed(events.in_time_order(newest_first=True)[: limit or None])


@register.simple_tag
def years_on(timeline):
    """Return the Years of a timeline, which may be given as a plain Page, or [] without a timeline."""
    if not timeline:
        return []
    return Windows(EventPage.objects, QueryDict(), counts=counts_on(timeline)).years


@register.simple_tag
def html_of_years(years, address, in_frame=False):
    """
    Return the HTML of Years with links to them. It is kept, since few of them change at a time, but not with
    what a visitor searched for.
    """
    is_plain = all(PLAIN.fullmatch(year.query) for year in years)
    draw = drawn_years if is_plain else drawn_years.__wrapped__
    return draw(tuple(years), address, in_frame, get_language())


@lru_cache(maxsize=100)
def drawn_years(years, address, in_frame, _active_language):
    """Return the HTML of Years. It depends on nothing but the arguments."""
    variables = {"years": years, "address": address, "in_frame": in_frame}
    return mark_safe(render_to_string("components/years.html", variables).strip())


@register.filter
def by_year(events):
    """Group events by year. Events without a date have the year None."""
    groups = groupby(events, key=lambda event: event.date.year if event.date else None)
    return [(year, list(group)) for year, group in groups]


@register.simple_tag(takes_context=True)
def event_anchor(context, event, ahead=False):
    """
    Return the HTML id of an event in a list: `event-<slug>`. If it is repeated on a page, a number is added.

    :param ahead: return the id that the event will have when it is shown next, for a link to it.
    """
    anchor = f"event-{event.slug}"
    request = context.get("request")
    if request is None:
        return anchor
    if not hasattr(request, "event_anchors"):
        request.event_anchors = Counter()
    number = request.event_anchors[anchor] + 1
    if not ahead:
        request.event_anchors[anchor] = number
    return anchor if number == 1 else f"{anchor}-{number}"


@register.simple_tag
def language_attribute(language):
    """Return the attribute for text in a language that isn't the page's; the empty string without one."""
    return format_html(' lang="{}"', language) if language else ""


@register.simple_tag(takes_context=True)
def listed_event(context, event):
    """Show a ListedEvent. Its HTML is kept, since lists have many events, of which few change at a time."""
    return event_html(event, event_anchor(context, event), context.get("level") or 3, get_language())


@lru_cache(maxsize=1000)
def event_html(event, anchor, level, _active_language):
    """Return the HTML of an event. It depends on nothing but the arguments."""
    words = dict(EventPage.Verification.choices).get(event.verification, event.verification)
    variables = {"event": event, "anchor": anchor, "level": level, "words": words}
    return mark_safe(render_to_string("components/event.html", variables).strip())


@register.simple_tag
def axis_of(events, eras, zoom=""):
    """Return the Axis of events and eras. Without a valid Zoom, it depends on the number of events."""
    return Axis(events, eras, zoom)


@register.simple_tag
def eras_around(events, timeline):
    """Return the eras that overlap with the time from the first to the last of these events, in order."""
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
    Return the names of filters for visitors.

    :param names: names of parameters. Those that don't filter are left out.
    """
    words = {
        "kind": gettext("kind"),
        "category": gettext("category"),
        "concern": gettext("concern"),
        "partner": gettext("partner"),
        "year": gettext("year"),
        "order": gettext("order"),
        "event": gettext("event"),
        "page": gettext("part of the timeline"),
    }
    return [words[name] for name in dict.fromkeys(names) if name in words]


@lru_cache
def evidence(_hidden_paths):
    """Return the query of the rows of the events that are evidence for a concern."""
    return Prepared(rows_of(public_events().about([Parameter(0)]).in_time_order()))


@lru_cache
def participation(_hidden_paths):
    """Return the query of the rows of the events in which a partner took part."""
    return Prepared(rows_of(public_events().taken_part_in_by([Parameter(0)]).in_time_order()))


@lru_cache
def latest(_language, limit, _hidden_paths):
    """Return the query of the rows of the latest events in the active language."""
    return Prepared(rows_of(events_in(None).in_time_order(newest_first=True)[:limit]))


def public_events():
    return EventPage.objects.originals().for_visitors()


def events_in(timeline):
    """Return the public events of a timeline, or all in the active language without one."""
    if timeline:
        return timeline.specific.events
    return public_events().in_language(get_language())
