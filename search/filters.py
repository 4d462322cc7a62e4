"""What a query string asks of the search: words, and what to narrow them to."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from search.kinds import KINDS
from timeline.filters import EventFilters

# The groups of choices by which the index can be narrowed, each a prefix of the marks in `Entry.facets`.
GROUPS = ("kind", "category", "concern", "partner")
# A span of more years than anybody looks through is counted by its ends only.
MOST_YEARS = 200


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

    def condition(self):
        """What an entry has to meet: a condition on `search_entry` in SQL, and its parameters."""
        conditions, parameters = [], []
        for marks in filter(None, self.chosen.values()):
            conditions.append(" OR ".join(["search_entry.facets LIKE %s"] * len(marks)))
            parameters += [f"% {mark} %" for mark in marks]
        if self.years:
            overlap = "search_entry.first_year <= %s AND search_entry.last_year >= %s"
            conditions.append(" OR ".join([overlap] * len(self.years)))
            parameters += [year for first, last in self.years for year in (last, first)]
        return " AND ".join(f"({condition})" for condition in conditions), parameters

    def options(self, group, counts):
        """
        The choices of a group that have results, and those that are made.

        :param counts: those of the group, as `tally` gives them.
        """
        chosen = self.chosen[group]
        return [
            Option(choice.slug, choice.title, counts[choice.mark], choice.mark in chosen)
            for choice in self.choices[group]
            if counts[choice.mark] or choice.mark in chosen
        ]

    def tally(self, rows):
        """
        Count what is found, and what would be found by each choice if it were made.

        :param rows: facets, first year, last year and how many entries have these.
        :returns: the total, and for each group, "year" included, a Counter of its values. A choice counts
            what the choices of the other groups leave, so that one can widen a group as well as narrow it.
        """
        total, counts = 0, defaultdict(Counter)
        for facets, first, last, number in rows:
            marks = facets.split()
            missed = [
                group for group, chosen in self.chosen.items() if chosen and not set(chosen) & set(marks)
            ]
            if self.years and not _overlaps(first, last, self.years):
                missed.append("year")
            if not missed:
                total += number
            for mark in marks:
                group = mark.partition(":")[0]
                if missed in ([], [group]):
                    counts[group][mark] += number
            if first is not None and missed in ([], ["year"]):
                for year in range(first, last + 1) if last - first < MOST_YEARS else (first, last):
                    counts["year"][year] += number
        return total, counts


def _overlaps(first, last, spans):
    return first is not None and any(first <= end and last >= begin for begin, end in spans)
