"""Search by an OpenSearch or Elasticsearch cluster, through Wagtail's backends, if SEARCH_URL is set."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from modelsearch.backends import get_search_backend
from modelsearch.query import SearchQuery
from wagtail.models import Locale, Page

from home.models import Figure, GlossaryTerm
from search.models import Entry

logger = logging.getLogger(__name__)

# The models with an index of their own in the cluster.
ROOTS: tuple[Any, ...] = (Page, Figure, GlossaryTerm)
# Maximum number of matches taken from each index.
MAX_MATCHES = 300
# After a failure, the cluster isn't asked for this many seconds. Otherwise each visitor would wait for it.
PAUSE = 60
PAUSED = "search-cluster-paused"


def is_used() -> bool:
    """Return whether a cluster does the search."""
    return settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] != "search.backend"


def find(query: SearchQuery, locale: Locale) -> list[int] | None:
    """Return the ids of the entries that the cluster finds, best first, or None if it doesn't answer."""
    if cache.get(PAUSED):
        return None
    try:
        scores = _scores(query, locale)
    except Exception:
        # Each client library raises errors of its own.
        logger.exception("The search cluster does not answer. The database is used for a minute.")
        cache.set(PAUSED, True, PAUSE)
        return None
    entries = Entry.objects.filter(object_id__in={pk for _type_id, pk in scores})
    ids = {
        (type_id, pk): entry
        for entry, type_id, pk in entries.values_list("pk", "content_type_id", "object_id")
    }
    return [ids[key] for key in sorted(scores, key=lambda key: scores[key], reverse=True) if key in ids]


def _scores(query: SearchQuery, locale: Locale) -> dict[tuple[int, int], float]:
    """Return the relevance of each object that the cluster finds, by content type id and primary key."""
    scores = {}
    for model in ROOTS:
        type_id = ContentType.objects.get_for_model(model).pk
        objects = model.objects.filter(live=True, locale=locale)
        found = get_search_backend().search(query, objects).annotate_score("relevance")
        for each in found[:MAX_MATCHES]:
            scores[getattr(each, "content_type_id", type_id), each.pk] = each.relevance
    return scores
