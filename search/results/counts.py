"""Count results by their facets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from search.models import Facets

# Pairs of a first and a last year.
Spans = Iterable[tuple[int, int]]


@dataclass
class FacetCounts:
    """The number of results, in total and by mark and year, and the ids of their facet sets."""

    total: int = 0
    by_mark: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_year: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    facet_sets: list[int] = field(default_factory=list)


def count_facets(
    rows: Iterable[tuple[int, int]],
    facets: Mapping[int, Facets],
    chosen: Mapping[str, list[str]],
    spans: Spans,
) -> FacetCounts:
    """
    Count the results that match the filters.

    The count of a choice ignores the other choices of its own filter, since choosing it adds to the results.

    :param rows: ids of facet sets, and the number of matching entries that have them.
    :param facets: by the id of the facet set.
    :param chosen: the chosen marks by the name of the filter.
    :param spans: the chosen years.
    """
    counts = FacetCounts()
    wanted = [(group, frozenset(marks)) for group, marks in chosen.items() if marks]

    @cache
    def failed(marks: frozenset[str]) -> list[str]:
        """Return the filters that these marks don't match."""
        return [group for group, wanted_marks in wanted if marks.isdisjoint(wanted_marks)]

    @cache
    def in_time(years: range) -> bool:
        return not spans or _overlaps(years, spans)

    # There may be as many facet sets as pages, but there are few different sets of marks and spans of years.
    by_marks: dict[frozenset[str], int] = defaultdict(int)
    by_years: dict[range, int] = defaultdict(int)
    for pk, number in rows:
        marks, years = facets[pk].marks, facets[pk].years
        if is_in_time := in_time(years):
            by_marks[marks] += number
        if not failed(marks):
            by_years[years] += number
            if is_in_time:
                counts.total += number
                counts.facet_sets.append(pk)
    for marks, number in by_marks.items():
        groups = failed(marks)
        for mark in marks if len(groups) < 2 else ():
            if not groups or mark.startswith(f"{groups[0]}:"):
                counts.by_mark[mark] += number
    for years, number in by_years.items():
        for year in years:
            counts.by_year[year] += number
    return counts


def _overlaps(years: range, spans: Spans) -> bool:
    return bool(years) and any(years[0] <= last and years[-1] >= first for first, last in spans)
