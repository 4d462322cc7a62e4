"""The filters of a search, as given by a query string."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

from search.kinds import KINDS
from search.results.counts import FacetCounts
from timeline.filters import EventFilters
from timeline.models.renames import current_slugs

# The filters with choices. Each is the prefix of some marks of Facets.
GROUPS = ("kind", "category", "concern", "partner")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Choice:
    """Something to filter by: its value in the query string, its name, and its mark in the index."""

    slug: str
    title: str | Promise
    mark: str


@dataclass(frozen=True)
class Option:
    """A choice with the number of results that it has, or would have if it were chosen."""

    slug: str
    title: str | Promise
    count: int
    is_chosen: bool


class SearchFilters(EventFilters):
    """The filters of a timeline and the kind of result. The choices are those of the whole site."""

    def __init__(self, parameters: QueryDict, choices: Mapping[str, list[Choice]]) -> None:
        """Take the choices by the name of the filter, without the kinds."""
        kinds = [Choice(slug, kind.plural, f"kind:{slug}") for slug, kind in KINDS.items()]
        super().__init__(parameters, {"kind": kinds, **choices}, current_slugs)
        self.chosen = {group: [choice.mark for choice in self._chosen(group)] for group in GROUPS}
        # No entry has this mark, so nothing is found if all values of a filter are unknown.
        self.chosen |= {group: [UNKNOWN] for group in self.unknown}

    @property
    def are_set(self) -> bool:
        """Whether there is any filter."""
        return bool(self.years or any(self.chosen.values()))

    @property
    def are_narrow(self) -> bool:
        """Whether there is any filter besides the kind."""
        return bool(self.years or any(marks for group, marks in self.chosen.items() if group != "kind"))

    def options(self, group: str, counts: FacetCounts) -> list[Option]:
        """Return the choices of a filter that have results or are chosen."""
        chosen = self.chosen[group]
        return [
            Option(choice.slug, choice.title, counts.by_mark[choice.mark], choice.mark in chosen)
            for choice in self.choices[group]
            if counts.by_mark[choice.mark] or choice.mark in chosen
        ]
