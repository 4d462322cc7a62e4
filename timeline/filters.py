import re
from functools import cached_property

from timeline.models.renames import current_slugs

# What a visitor may type into the box; a longer text is cut.
LONGEST_QUERY = 200
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
ORDERS = ("oldest", "newest")
# Parameters whose values are slugs that editors give, and change.
NAMED = ("category", "concern", "partner")


class EventFilters:
    """
    What a query string asks of a timeline, under the same names everywhere: page, embed, exports and feeds.

    `category`, `concern` and `partner` are slugs, `year` is "2018" or "2017-2019", `q` is text, `order` is
    `oldest` or `newest`. A name given more than once means any of its values; different names narrow each
    other. A slug that was changed keeps its meaning.

    A parameter of which no slug is known matches no event, so that a partner's frame never widens by
    itself: its name is in `unknown`. Another value that means nothing is left out, and its name is in
    `ignored`. The page tells the visitor of both.
    """

    def __init__(self, parameters, timeline, order="oldest"):
        """
        :param parameters: the QueryDict of the request.
        :param timeline: the TimelinePage, which knows the `choices` that there are.
        :param order: the order where the query string names none.
        """
        self.parameters = parameters
        self.timeline = timeline
        self.default_order = order
        self.ignored = []
        self.unknown = []
        self.categories = self._chosen("category")
        self.concerns = self._chosen("concern")
        self.partners = self._chosen("partner")
        self.years = self._years()
        self.q = " ".join(parameters.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
        self.order = self._order()

    @cached_property
    def choices(self):
        """What may be chosen: lists of objects with a slug, by the name of the parameter."""
        return self.timeline.choices

    @property
    def newest_first(self):
        return self.order == "newest"

    @property
    def are_set(self):
        """Whether the query string leaves any event out."""
        return bool(self.q or self.years or self.categories or self.concerns or self.partners or self.unknown)

    @property
    def are_known(self):
        """Whether every value means something here."""
        return not (self.ignored or self.unknown)

    @property
    def year(self):
        """The years as a visitor wrote them, those that mean nothing left out."""
        return ", ".join(f"{first}-{last}" if last != first else f"{first}" for first, last in self.years)

    @property
    def query(self):
        """The query string that narrows another form of the timeline alike; empty if nothing is left out."""
        return f"?{self.parameters.urlencode()}" if self.are_set else ""

    def apply(self, events):
        """
        The events that are asked for, in the order that is asked for.

        :param events: an EventQuerySet.
        """
        if self.unknown:
            return events.none()
        if self.categories:
            events = events.filter(category__in=self.categories)
        if self.concerns:
            events = events.about(self.concerns)
        if self.partners:
            events = events.taken_part_in_by(self.partners)
        if self.years:
            events = events.overlapping(self.years)
        if self.q:
            events = events.matching(self.q)
        return events.in_time_order(self.newest_first)

    def _chosen(self, name):
        by_slug = {choice.slug: choice for choice in self.choices[name]}
        slugs = list(dict.fromkeys(filter(None, self.parameters.getlist(name))))
        if lost := [slug for slug in slugs if slug not in by_slug]:
            renamed = current_slugs(name, lost, list(by_slug))
            slugs = list(dict.fromkeys(renamed.get(slug, slug) for slug in slugs))
        chosen = [by_slug[slug] for slug in slugs if slug in by_slug]
        if slugs and not chosen and name in NAMED:
            self.unknown.append(name)
        elif len(chosen) < len(slugs):
            self.ignored.append(name)
        return chosen

    def _years(self):
        spans = []
        for value in re.findall(r"[^,\s]+", " ".join(self.parameters.getlist("year"))):
            found = YEARS.fullmatch(value)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
            if first <= last:
                spans.append((first, last))
            else:
                self.ignored.append("year")
        return spans

    def _order(self):
        order = self.parameters.get("order", "")
        if order and order not in ORDERS:
            self.ignored.append("order")
        return order if order in ORDERS else self.default_order
