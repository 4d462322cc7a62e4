"""Options of the timeline's page for frames."""

import re

from django.conf import settings

from timeline.filters import NAMED, EventFilters
from timeline.graphics.scale import Zoom

__all__ = ["FILTERS", "EmbedOptions"]

THEMES = ("auto", "light", "dark")
LAYOUTS = ("list", "compact", "axis")
# Nothing leaves the choice to the picture.
ZOOMS = ("", *Zoom.values)
LEVELS = ("2", "3", "4")
COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
LONGEST_LIMIT = 4
FILTERS = (*NAMED, "year", "q", "order")
NAMES = {*FILTERS, *("theme", "layout", "zoom", "heading", "lang", "limit", "accent", "event")}


class EmbedOptions:
    """
    The options of the query string: the filters of the timeline, and how the events look.

    Lenient: a value that means nothing falls back, and `ignored` names its parameter, as it names parameters
    that do not exist. `unknown` names those that ask for something that this site does not have: then no
    event is shown.
    """

    def __init__(self, parameters, timeline):
        """
        :param parameters: the QueryDict of the request.
        :param timeline: the TimelinePage.
        """
        self.parameters = parameters
        self.timeline = timeline
        self.filters = EventFilters(parameters, timeline)
        self.ignored = [*self.filters.ignored]
        self.unknown = [*self.filters.unknown]
        self.theme = self._one_of("theme", THEMES)
        self.layout = self._one_of("layout", LAYOUTS)
        self.zoom = self._one_of("zoom", ZOOMS)
        self.level = int(self._one_of("heading", LEVELS))
        self.language = self._one_of(
            "lang", [timeline.locale.language_code, *(code for code, _name in settings.LANGUAGES)]
        )
        self.limit = self._limit()
        self.accent = self._accent()
        # The public event at which the page opens, even if it was renamed since.
        self.event = self._event()
        self.ignored += [name for name in parameters if name not in NAMES]

    def apply(self, events):
        """All the events that the filters let through, in order; the limit is not applied."""
        return self.filters.apply(events)

    def shown(self, events):
        """Return the events within the limit; none if an event is asked for that is not known here."""
        return [] if self.unknown else list(events)[: self.limit]

    def address_of_event(self, address, events):
        """
        Make the address at which the page opens at the event that was asked for.

        The fragment is what a browser opens at, without a script and inside a frame too. An event that stands
        on another timeline by now is shown there.

        :param address: of this page, without a query string.
        :param events: those that are shown.
        :returns: None if no event was asked for, or it is not among these.
        """
        if self.event is None:
            return None
        rest = self.parameters.copy()
        if not self.event.is_child_of(self.timeline):
            rest["event"] = self.event.slug
            return f"{self.event.get_parent().specific.frame_url}?{rest.urlencode()}"
        if self.event.pk not in {event.pk for event in events}:
            self.ignored.append("event")
            return None
        del rest["event"]
        query = f"?{rest.urlencode()}" if rest else ""
        return f"{address}{query}#event-{self.event.slug}"

    @property
    def comment(self):
        """The ignored parameters, for an HTML comment: names of ours, never text from the address."""
        names = [name if name in NAMES else "a name that is unknown" for name in self.ignored + self.unknown]
        return ", ".join(dict.fromkeys(names))

    def _one_of(self, name, choices):
        value = self.parameters.get(name, "")
        if value and value not in choices:
            self.ignored.append(name)
        return value if value in choices else choices[0]

    def _limit(self):
        value = self.parameters.get("limit", "")
        if value.isascii() and value.isdecimal() and len(value) <= LONGEST_LIMIT and int(value) > 0:
            return int(value)
        if value:
            self.ignored.append("limit")
        return None

    def _event(self):
        slug = self.parameters.get("event", "")
        event = self.timeline.event_called(slug) if slug else None
        if slug and event is None:
            self.unknown.append("event")
        return event

    def _accent(self):
        value = self.parameters.get("accent", "")
        if found := COLOR.fullmatch(value):
            return found[1].lower()
        if value:
            self.ignored.append("accent")
        return ""
