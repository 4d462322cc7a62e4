"""A search cluster (OpenSearch, Elasticsearch), where SEARCH_URL names one. It finds; what is here counts."""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from home.models import Figure, GlossaryTerm
from search.index.match import Match
from search.models import Entry

logger = logging.getLogger(__name__)

# What has an index of its own in a cluster, and how many of the best matches of each are taken.
ROOTS = (Page, Figure, GlossaryTerm)
MOST_MATCHES = 300
# Seconds for which a cluster that failed is not asked again, lest every visitor wait for it.
SILENCE = 60


@dataclass
class Silence:
    """Until when (time.monotonic) the cluster is left alone."""

    until: float = 0


_silence = Silence()


def is_used():
    """Whether a cluster does the search."""
    return settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] != "search.backend"


def numbers_found(query, locale):
    """
    The numbers of the entries that a cluster finds, the best first.

    :param query: one of Wagtail's search queries.
    :returns: None if the cluster does not answer; the log says why.
    """
    if time.monotonic() < _silence.until:
        return None
    try:
        scores = {}
        for model in ROOTS:
            own_type = ContentType.objects.get_for_model(model)
            things = model.objects.filter(live=True, locale=locale)
            found = get_search_backend().search(query, things).annotate_score("relevance")
            for thing in found[:MOST_MATCHES]:
                type_id = getattr(thing, "content_type_id", own_type.pk)
                scores[type_id, thing.pk] = thing.relevance
    except Exception:
        # Each library has errors of its own, and a visitor needs none of them.
        logger.exception("The search cluster does not answer; the database does, for a minute.")
        _silence.until = time.monotonic() + SILENCE
        return None
    entries = Entry.objects.filter(object_id__in={pk for _type_id, pk in scores})
    numbers = {
        number: scores[type_id, pk]
        for number, type_id, pk in entries.values_list("pk", "content_type_id", "object_id")
        if (type_id, pk) in scores
    }
    return sorted(numbers, key=numbers.get, reverse=True)


class ListedMatch(Match):
    """Entries that a cluster has found."""

    def __init__(self, numbers, where, parameters):
        """
        :param numbers: those of the entries, the best first.
        :param where: a further condition on `search_entry`, in SQL, with its parameters.
        """
        self.numbers = numbers
        self.where, self.parameters = where, list(parameters)

    @property
    def source(self):
        if not self.numbers:
            return "FROM search_entry WHERE 1 = 0", []
        places = ", ".join(["%s"] * len(self.numbers))
        return (
            f"FROM search_entry WHERE search_entry.id IN ({places}) AND {self.where}",
            [*self.numbers, *self.parameters],
        )

    def ranked(self, column, limit, is_common=None):
        place = {number: place for place, number in enumerate(self.numbers)}
        rows = self.rows(f"search_entry.id, search_entry.{column}")
        rows.sort(key=lambda row: place[row[0]])
        return [(value, place[number]) for number, value in rows[:limit]]
