"""Suggest results while a visitor types."""

from django.http import HttpRequest
from wagtail.models import Locale

from search.index.matches import Matches
from search.models import Entry
from search.results.result import Result, in_short
from search.results.search import PUBLIC
from search.text.query import Query


def suggestions(
    typed: str, locale: Locale, request: HttpRequest | None = None, limit: int = 8
) -> list[Result]:
    """
    Return public objects whose title has words that start with what was typed, to complete a search.

    :returns: results without a passage.
    """
    query = Query.parse(typed)
    if not query:
        return []
    matches = Matches(
        query.as_search_query(),
        languages=[locale.language_code],
        zone="starts",
        where=PUBLIC,
        parameters=[locale.pk],
    )
    pks = [pk for pk, _score in matches.ranked("id", limit)]
    entries = Entry.objects.displayable().defer("text__body").in_bulk(pks)
    return in_short([entries[pk] for pk in pks if pk in entries], request)
