"""What a query string asks of the search: words, and what to narrow them to."""

from collections import defaultdict
from dataclasses import dataclass, field

from search.kinds import KINDS
from timeline.filters import EventFilters

# The groups of choices by which the index can be narrowed, each a prefix of marks of `Facets`.
GROUPS = ("kind", "category", "concern", "partner")


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
        counts, is_narrowed = tally.counts, self.are_set
        chosen = [frozenset(marks) for marks in self.chosen.values() if marks]
        for pk, number in rows:
            found = facets[pk]
            # Sites with many pages have many sets, so nothing is done here that need not be.
            if is_narrowed:
                missed = [wanted for wanted in chosen if found.marks.isdisjoint(wanted)]
                misses_years = bool(self.years) and not _overlap(found.years, self.years)
                if len(missed) + misses_years == 1:
                    for key in found.years if misses_years else self._others_of(missed[0], found.marks):
                        counts[key] += number
                if missed or misses_years:
                    continue
            tally.total += number
            tally.sets.append(pk)
            for key in found.keys:
                counts[key] += number
        return tally

    def _others_of(self, wanted, marks):
        """The marks of the group of which these are wanted."""
        group = next(iter(wanted)).partition(":")[0]
        return [mark for mark in marks if mark.startswith(f"{group}:")]


@dataclass
class Tally:
    """What is found: how many in all, how many by each mark and year, and with which facet sets."""

    total: int = 0
    counts: dict = field(default_factory=lambda: defaultdict(int))
    sets: list = field(default_factory=list)


def _overlap(years, spans):
    return bool(years) and any(years[0] <= last and years[-1] >= first for first, last in spans)
