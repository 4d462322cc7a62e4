"""
Parts of modelsearch and Django that they don't document. `tests/search/test_wagtail_internals.py` checks
them.
"""

from typing import Any

from django.db.models import QuerySet
from modelsearch.backends.base import BaseSearchResults

__all__ = ["SearchResults", "has_conditions", "is_ordered"]


class SearchResults(BaseSearchResults):
    """The methods by which a search backend gives modelsearch its results."""

    def fetch(self) -> list[Any]:
        """Return the results from `self.start` to `self.stop`."""
        raise NotImplementedError

    def fetch_count(self) -> int:
        """Return the number of results from `self.start` to `self.stop`."""
        raise NotImplementedError

    @property
    def score_field(self) -> str | None:
        """The attribute of the results that is set to their scores, if `annotate_score` was called."""
        return self._score_field

    def _do_search(self) -> list[Any]:
        return self.fetch()

    def _do_count(self) -> int:
        return self.fetch_count()


def has_conditions(queryset: QuerySet) -> bool:
    return bool(queryset.query.where)


def is_ordered(queryset: QuerySet) -> bool:
    """Return whether a queryset has an order of its own. The default order of the model doesn't count."""
    return bool(queryset.query.order_by)
