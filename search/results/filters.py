"""What a query string asks of the search: words, and what to narrow them to."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from search.kinds import KINDS
from timeline.filters import EventFilters

# The groups of choices by which the index can be narrowed, each a prefix of marks of `Facets`.
GROUPS = ("kind", "category", "concern", "partner")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Choice:
    """Something to narrow by: `slug` is its value in the query string, `mark` its mark in the index."""

    slug: str
    title: str
    mark: str


@dataclass(frozen=True)
class Option:
    """A choice as it is offered: with how many results it has, or would have."""

    slug: str
    title: str
    count: int
    is_chosen: bool


class SearchFilters(EventFilters):
    """
    As on the timeline, under the same names, and `kind` besides.

    The choices are those of the whole site, as dictionaries of lists of `Choice` by the name of the group.
    """

    def __init__(self, parameters, choices):
        """
        :param parameters: the QueryDict of the request.
        :param choices: lists of `Choice` by the name of the group; that of kinds is known already.
        """
        kinds = [Choice(slug, kind.plural, f"kind:{slug}") for slug, kind in KINDS.items()]
        self.choices = {"kind": kinds} | choices
        super().__init__(parameters, timeline=None)
        self.chosen = {group: [choice.mark for choice in self._chosen(group)] for group in GROUPS}
        # No entry has this mark, so nothing is found where only unknown names are asked for.
        self.chosen |= {group: [UNKNOWN] for group in self.unknown}

    @property
    def are_set(self):
        """Whether anything but the words narrows the search."""
        return bool(self.years or any(self.chosen.values()))

    @property
    def are_narrow(self):
        """Whether anything but the words and the kind narrows the search."""
        return bool(self.years or any(marks for group, marks in self.chosen.items() if group != "kind"))

    def options(self, group, counts):
        """
        The choices of a group that have results, and those that are made.

        :param counts: as a `Tally` has them.
        """
        chosen = self.chosen[group]
        return [
            Option(choice.slug, choice.title, counts[choice.mark], choice.mark in chosen)
            for choice in self.choices[group]
            if counts[choice.mark] or choice.mark in chosen
        ]

    def tally(self, rows, facets):
        """
        Count what is found, and what would be found by each choice if it were made.

        :param rows: numbers of facet sets, and how many entries have each.
        :param facets: the `Facets` by these numbers.
        :returns: a Tally. A choice counts what the choices of the other groups leave, so that one can widen a
            group as well as narrow it.
        """
        tally = Tally()
        chosen = [(group, frozenset(marks)) for group, marks in self.chosen.items() if marks]

        @cache
        def missed(marks):
            """The groups of which something is chosen and not among these marks."""
            return [group for group, wanted in chosen if marks.isdisjoint(wanted)]

        @cache
        def fit(years):
            return not self.years or _overlap(years, self.years)

        # There may be as many sets as pages, but few sets of marks and few spans of years.
        by_marks, by_years = defaultdict(int), defaultdict(int)
        for pk, number in rows:
            marks, years = facets[pk].marks, facets[pk].years
            if is_fit := fit(years):
                by_marks[marks] += number
            if not missed(marks):
                by_years[years] += number
                if is_fit:
                    tally.total += number
                    tally.sets.append(pk)
        for marks, number in by_marks.items():
            groups = missed(marks)
            for mark in marks if len(groups) < 2 else ():
                if not groups or mark.startswith(f"{groups[0]}:"):
                    tally.counts[mark] += number
        for years, number in by_years.items():
            for year in years:
                tally.counts[year] += number
        return tally


@dataclass
class Tally:
    """What is found: how many in all, how many by each mark and year, and with which facet sets."""

    total: int = 0
    counts: dict = field(default_factory=lambda: defaultdict(int))
    sets: list = field(default_factory=list)


def _overlap(years, spans):
    return bool(years) and any(years[0] <= last and years[-1] >= first for first, last in spans)
