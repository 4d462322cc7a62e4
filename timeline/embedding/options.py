"""The options of an embedded timeline, as given by a query string."""

import re

from django.conf import settings
from django.utils.functional import cached_property

from timeline.parameters import LAYOUTS, LEVELS, NAMES, THEMES, ZOOMS
from timeline.windows import Windows

COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
MAX_DIGITS_OF_LIMIT = 4


class EmbedOptions:
    """
    The filters of a timeline, and what its embed looks like.

    Invalid values are replaced by defaults; the names of their parameters, and those of unknown parameters,
    are in `ignored`. Parameters that ask for unknown objects are in `unknown`; then no event is shown.
    """

    def __init__(self, parameters, timeline):
        self.parameters = parameters
        self.timeline = timeline
        self.filters = timeline.read_filters(parameters)
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
        # The public event to scroll to, also if it was renamed.
        self.event = self._event()
        self.ignored += [name for name in parameters if name not in NAMES]

    def apply(self, events):
        """Filter and order the events, without the limit."""
        return self.filters.apply(events)

    @cached_property
    def windows(self):
        """The Windows of the events within the limit; empty if the requested event is unknown."""
        events = self.apply(self.timeline.events)
        events = events.none() if self.unknown else events
        counts = [] if self.unknown else self.timeline.counts_for(self.filters)
        windows = Windows(events, self.parameters, self.filters.newest_first, self.limit, counts)
        if not windows.is_known:
            self.ignored.append("page")
        return windows

    def address_of_event(self, address):
        """
        Return the URL at which the embed scrolls to the requested event, or None if that isn't shown.

        The fragment works in every browser, without a script and inside a frame. If the event was moved to
        another timeline, the URL is that timeline's.

        :param address: URL of the embed, without a query string.
        """
        if self.event is None:
            return None
        if not self.event.is_child_of(self.timeline):
            rest = self.parameters.copy()
            rest["event"] = self.event.slug
            return f"{self.event.get_parent().specific.frame_url}?{rest.urlencode()}"
        query = self.windows.query_at(self.event)
        if query is None:
            self.ignored.append("event")
            return None
        return f"{address}{query}#event-{self.event.slug}"

    @property
    def comment(self):
        """The ignored parameters, for an HTML comment. It contains no text from the query string."""
        names = [name if name in NAMES else "an unknown parameter" for name in self.ignored + self.unknown]
        return ", ".join(dict.fromkeys(names))

    def _one_of(self, name, choices):
        value = self.parameters.get(name, "")
        if value and value not in choices:
            self.ignored.append(name)
        return value if value in choices else choices[0]

    def _limit(self):
        value = self.parameters.get("limit", "")
        if value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS_OF_LIMIT and int(value) > 0:
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
