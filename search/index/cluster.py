"""Search by an OpenSearch or Elasticsearch cluster, through Wagtail's backends, if SEARCH_URL is set."""

import logging

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from home.models import Figure, GlossaryTerm
from search.index.match import Match
from search.models import Entry

logger = logging.getLogger(__name__)

# The models with an index of their own in the cluster.
ROOTS = (Page, Figure, GlossaryTerm)
# Maximum number of matches taken from each index.
MAX_MATCHES = 300
# After a failure, the cluster isn't asked for this many seconds. Otherwise each visitor would wait for it.
PAUSE = 60
PAUSED = "search-cluster-paused"


def is_used():
    """Return whether a cluster does the search."""
    return settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] != "search.backend"


def find(query, locale):
    """
    Return the ids of the entries that the cluster finds, best first, or None if it doesn't answer.

    :param query: one of Wagtail's search queries.
    """
    if cache.get(PAUSED):
        return None
    try:
        scores = _scores(query, locale)
    except Exception:
        # Each client library raises errors of its own.
        logger.exception("The search cluster does not answer; the database does, for a minute.")
        cache.set(PAUSED, True, PAUSE)
        return None
    entries = Entry.objects.filter(object_id__in={pk for _type_id, pk in scores})
    ids = {
        (type_id, pk): entry
        for entry, type_id, pk in entries.values_list("pk", "content_type_id", "object_id")
    }
    return [ids[key] for key in sorted(scores, key=scores.get, reverse=True) if key in ids]


def _scores(query, locale):
    """Return the relevance of each object that the cluster finds, by content type id and primary key."""
    scores = {}
    for model in ROOTS:
        type_id = ContentType.objects.get_for_model(model).pk
        objects = model.objects.filter(live=True, locale=locale)
        found = get_search_backend().search(query, objects).annotate_score("relevance")
        for each in found[:MAX_MATCHES]:
            scores[getattr(each, "content_type_id", type_id), each.pk] = each.relevance
    return scores


class ListedMatch(Match):
    """The entries with the given ids."""

    def __init__(self, ids, where, parameters):
        """
        :param ids: best first.
        :param where: a further SQL condition on `search_entry`, with its parameters.
        """
        self.ids = ids
        self.where, self.parameters = where, list(parameters)

    @property
    def source(self):
        if not self.ids:
            return "FROM search_entry WHERE 1 = 0", []
        places = ", ".join(["%s"] * len(self.ids))
        return (
            f"FROM search_entry WHERE search_entry.id IN ({places}) AND {self.where}",
            [*self.ids, *self.parameters],
        )

    def ranked(self, column, limit, is_common=None):
        rank = {pk: number for number, pk in enumerate(self.ids)}
        rows = self.rows(f"search_entry.id, search_entry.{column}")
        rows.sort(key=lambda row: rank[row[0]])
        return [(value, rank[pk]) for pk, value in rows[:limit]]
