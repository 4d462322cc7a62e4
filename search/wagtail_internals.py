"""Parts of modelsearch and Django that they don't document. `test_wagtail_internals.py` checks them."""

from django.db.models import QuerySet
from modelsearch.backends.base import BaseSearchResults


def score_field(results: BaseSearchResults) -> str | None:
    """Return the attribute for scores, if `annotate_score` was called."""
    return results._score_field


def has_conditions(queryset: QuerySet) -> bool:
    return bool(queryset.query.where)


def is_ordered(queryset: QuerySet) -> bool:
    """Return whether a queryset has an order of its own. The default order of the model doesn't count."""
    return bool(queryset.query.order_by)
