"""The filters of a timeline, as given by a query string."""

import re

from timeline.parameters import MAX_QUERY_LENGTH, ORDERS, SLUG_FILTERS

YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


class EventFilters:
    """
    The filters that a query string asks for, with the same names on pages, embeds, exports and feeds.

    `category`, `concern` and `partner` are slugs, `year` is "2018" or "2017-2019", `q` is text, `order` is
    `oldest` or `newest`. A repeated parameter matches any of its values; different parameters narrow each
    other. A former slug means the same as the current one.

    If all slugs of a parameter are unknown, no event matches, so that a partner's embed never shows more than
    was asked for; the name of the parameter is in `unknown`. Other invalid values are left out; the names of
    their parameters are in `ignored`. The page tells the visitor about both.
    """

    def __init__(self, parameters, choices, current_slugs, order="oldest"):
        """Take lists of Choices by parameter, and `timeline.models.renames.current_slugs`."""
        self.parameters = parameters
        self.choices = choices
        self.current_slugs = current_slugs
        self.ignored = []
        self.unknown = []
        self.categories = self._chosen("category")
        self.concerns = self._chosen("concern")
        self.partners = self._chosen("partner")
        self.years = self._years()
        self.q = " ".join(parameters.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH]
        self.order = self._order(default=order)

    @property
    def newest_first(self):
        return self.order == "newest"

    @property
    def are_set(self):
        """Whether the query string leaves out any event."""
        return bool(self.q or self.years or self.categories or self.concerns or self.partners or self.unknown)

    @property
    def are_known(self):
        """Whether all values are valid."""
        return not (self.ignored or self.unknown)

    @property
    def year(self):
        """The valid years, as a visitor would write them."""
        return ", ".join(f"{first}-{last}" if last != first else f"{first}" for first, last in self.years)

    @property
    def query(self):
        """The query string that applies the same filters to another form of the timeline, or ""."""
        query = self.parameters.copy()
        for name in ("page", "event"):
            query.pop(name, None)
        return f"?{query.urlencode()}" if self.are_set else ""

    def apply(self, events):
        """Filter and order an EventQuerySet."""
        if self.unknown:
            return events.none()
        if self.categories:
            events = events.filter(category__in=[choice.pk for choice in self.categories])
        if self.concerns:
            events = events.about([choice.pk for choice in self.concerns])
        if self.partners:
            events = events.taken_part_in_by([choice.pk for choice in self.partners])
        if self.years:
            events = events.overlapping(self.years)
        if self.q:
            events = events.matching(self.q)
        return events.in_time_order(self.newest_first)

    def _chosen(self, name):
        by_slug = {choice.slug: choice for choice in self.choices[name]}
        slugs = list(dict.fromkeys(filter(None, self.parameters.getlist(name))))
        if unknown := [slug for slug in slugs if slug not in by_slug]:
            renamed = self.current_slugs(name, unknown, list(by_slug))
            slugs = list(dict.fromkeys(renamed.get(slug, slug) for slug in slugs))
        chosen = [by_slug[slug] for slug in slugs if slug in by_slug]
        if slugs and not chosen and name in SLUG_FILTERS:
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

    def _order(self, default):
        order = self.parameters.get("order", "")
        if order and order not in ORDERS:
            self.ignored.append("order")
        return order if order in ORDERS else default
