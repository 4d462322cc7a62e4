from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models

# SQLite limits the number of parameters of a statement.
MAX_PARAMETERS = 1000


@dataclass(frozen=True)
class Facets:
    """The marks of an entry, such as "category:3", and its years. Search results are filtered by both."""

    marks: frozenset[str]
    years: range

    def __str__(self) -> str:
        span = [f"years:{self.years.start}-{self.years.stop - 1}"] if self.years else []
        return " ".join([*sorted(self.marks), *span])

    @classmethod
    def parse(cls, text: str) -> "Facets":
        """Return the facets that have this text as their `str()`."""
        marks, _space, years = text.partition("years:")
        return cls(_parse_marks(marks.rstrip()), _parse_years(years))


# Equal values are the same object, so that results are counted faster: dictionaries compare identities first.
@lru_cache(maxsize=10_000)
def _parse_marks(text: str) -> frozenset[str]:
    return frozenset(text.split())


@lru_cache(maxsize=10_000)
def _parse_years(text: str) -> range:
    first, _dash, last = text.partition("-")
    return range(int(first), int(last) + 1) if text else range(0)


class KnownFacets:
    """
    A cache of the facets that were read from the database, by the primary keys of their facet sets.

    A row never changes, and its primary key is never used again, so nothing here becomes outdated.
    """

    def __init__(self, size: int) -> None:
        """Take the number of facet sets above which the cache is emptied."""
        self.size = size
        self._facets: dict[int, Facets] = {}

    def get(self, pks: Collection[int]) -> dict[int, Facets]:
        """Return the facets of the facet sets with these primary keys, and perhaps of others."""
        if unknown := [pk for pk in pks if pk not in self._facets]:
            if len(self._facets) + len(unknown) > self.size:
                self.clear()
                unknown = list(pks)
            rows = FacetSet.objects.all()
            if len(unknown) < MAX_PARAMETERS:
                rows = rows.filter(pk__in=unknown)
            # A new dictionary, since another thread may be reading the old one.
            self._facets = self._facets | {
                pk: Facets.parse(marks) for pk, marks in rows.values_list("pk", "marks")
            }
        return self._facets

    def clear(self) -> None:
        self._facets = {}


known_facets = KnownFacets(size=100_000)


class FacetSetQuerySet(models.QuerySet):
    def ids_of(self, facets: Iterable[str]) -> dict[str, int]:
        """Return the primary keys of the rows with these facets, by the facets. Missing rows are created."""
        self.bulk_create([self.model(marks=each) for each in sorted(facets)], ignore_conflicts=True)
        return dict(self.filter(marks__in=facets).values_list("marks", "pk"))


class FacetSet(models.Model):
    """
    The facets that some entries have in common, so that entries can be counted by a number.

    A row never changes.
    """

    # `str()` of Facets.
    marks = models.TextField(unique=True)

    objects: Any = FacetSetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.marks
