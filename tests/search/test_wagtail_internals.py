"""Undocumented parts of modelsearch and Django that we use. A failure means that an upgrade changed them."""

import pytest
from modelsearch.backends.base import BaseSearchResults

from search.backend import Results
from search.wagtail_internals import has_conditions, is_ordered
from tests.support import factories
from timeline.models import EventCategory, EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_modelsearch_fetches_results_by_our_methods():
    used = {"_do_search", "_do_count"} & vars(BaseSearchResults).keys()
    assert used == {"_do_search", "_do_count"}, (
        "After this upgrade of modelsearch, backends give their results by other methods. Look at "
        "Results in search/backend.py."
    )
    factories.make_event(title="Grant")
    results = EventPage.objects.search("grant")
    assert isinstance(results, Results)
    assert len(results) == results.count() == 1


def test_results_are_given_their_scores():
    factories.make_event(title="Grant")
    (event,) = EventPage.objects.search("grant").annotate_score("score")
    assert hasattr(event, "score"), (
        "After this upgrade of modelsearch, results have no scores. Look at score_field in "
        "search/wagtail_internals.py."
    )


def test_django_tells_whether_a_queryset_has_conditions_and_an_order():
    everything = EventCategory.objects.all()
    advice = (
        "After this upgrade of Django, look at the functions for querysets in search/wagtail_internals.py."
    )
    assert not has_conditions(everything), advice
    assert has_conditions(everything.filter(slug="policy")), advice
    assert not is_ordered(everything), advice
    assert is_ordered(everything.order_by("slug")), advice
