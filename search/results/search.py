"""Search for what visitors may find."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from search.index import cluster
from search.index.databases import database
from search.index.matches import ListedMatches, Matches
from search.models import Entry, known_facets
from search.results.counts import count_facets
from search.results.filters import Choice, Option, SearchFilters
from search.results.names import Names
from search.results.ranking import WINDOW, in_order
from search.results.result import Result, in_short, with_passages
from search.results.spelling import corrections
from search.text.query import Query
from timeline.models import EventCategory

# Number of years to choose from. Visitors can type any.
MAX_YEARS = 60
# The condition for entries that visitors may find, in one language.
PUBLIC = "search_entry.is_public AND search_entry.locale_id = %s"


class Search:
    """
    A search for public objects in one language.

    If nothing has all the words, `corrected` is the query with its spelling corrected, if that finds
    something. Otherwise `is_partial` says that the results have only some of the words.
    """

    def __init__(self, parameters: QueryDict, locale: Locale) -> None:
        self.locale = locale
        self.language = locale.language_code
        self.query = Query.parse(parameters.get("q", ""))
        self.corrected: Query | None = None
        self.is_partial = False
        self.names = Names(locale)
        categories = EventCategory.objects.filter(live=True, locale=locale)
        self.filters = SearchFilters(
            parameters,
            {
                "category": [Choice(each.slug, each.name, f"category:{each.pk}") for each in categories],
                "concern": self.names.choices("concern"),
                "partner": self.names.choices("partner"),
            },
        )
        rows = self._first_that_finds() if self.query else []
        facets = known_facets.get([pk for pk, _count in rows])
        self.counts = count_facets(rows, facets, self.filters.chosen, self.filters.years)
        self.finds_nothing = not rows

    def _first_that_finds(self) -> list[tuple[int, int]]:
        for query, any_word in self._attempts():
            if rows := self._matches(query, any_word).count_by("facet_set_id"):
                self.corrected = query if query is not self.query else None
                self.is_partial = any_word
                return rows
        return []

    def _attempts(self) -> Iterator[tuple[Query, bool]]:
        """Yield queries to try, with whether an entry needs only one of the words."""
        yield self.query, False
        corrected = self.query.corrected(corrections(self.query.words, self.language))
        if corrected != self.query:
            yield corrected, False
        if len(self.query.words) > 1:
            yield self.query, True
            if corrected != self.query:
                yield corrected, True

    def _matches(
        self, query: Query, any_word: bool, where: str = PUBLIC, others: Iterable[Any] = ()
    ) -> Matches:
        """Return the matches that fulfill a condition, whose parameters are the locale and `others`."""
        parameters = [self.locale.pk, *others]
        search_query = query.as_search_query(self.names.synonyms, any_word)
        if cluster.is_used() and (found := cluster.find(search_query, self.locale)) is not None:
            return ListedMatches(found, where, parameters)
        return Matches(search_query, languages=[self.language], where=where, parameters=parameters)

    @property
    def shown_query(self) -> Query:
        return self.corrected or self.query

    @property
    def words_shown(self) -> str:
        """
        The text of the query whose results are shown.

        It is a correction only if public objects have all of its words. Otherwise it could reveal a word of
        something that isn't public any more.
        """
        return self.query.text if self.is_partial else self.shown_query.text

    @property
    def is_missed(self) -> bool:
        """Whether nothing has all the words, even with corrected spelling."""
        return bool(self.query) and (self.finds_nothing or self.is_partial)

    @property
    def total(self) -> int:
        return self.counts.total

    @property
    def kinds(self) -> list[Option]:
        return self.filters.options("kind", self.counts)

    @property
    def total_of_kinds(self) -> int:
        """The number of results of all kinds."""
        return sum(option.count for option in self.kinds)

    @property
    def groups(self) -> list[tuple[str, str | Promise, list[Option]]]:
        """The other filters: the name of the parameter, the label, and the options."""
        labels = {"category": _("Category"), "concern": _("Concern"), "partner": _("Took part")}
        groups = [(name, label, self.filters.options(name, self.counts)) for name, label in labels.items()]
        return [group for group in groups if group[2]]

    @property
    def years(self) -> list[tuple[int, int]]:
        """The years of the results and the number of results in each, in order."""
        return sorted(self.counts.by_year.items())[-MAX_YEARS:]

    @property
    def count(self) -> int:
        """The number of results that can be shown, page by page."""
        return min(self.total, Matches.MAX_RANKED)

    def results(self, start: int, stop: int, request: HttpRequest | None = None) -> list[Result]:
        """Return a slice of the results."""
        if not self.total:
            return []
        where = PUBLIC
        parameters: list[Any] = []
        if self.filters.are_set:
            among, parameters = database().among("search_entry.facet_set_id", self.counts.facet_sets)
            where += f" AND {among}"
        matches = self._matches(self.shown_query, self.is_partial, where, parameters)
        # Every page orders the same window, so that no result is on two pages.
        ranked = matches.ranked("id", max(stop, WINDOW), is_common=self.total > Matches.MAX_RANKED)
        window, beyond = ranked[:WINDOW], [pk for pk, _score in ranked[WINDOW:]]
        wanted = [*(pk for pk, _score in window), *beyond[max(start - WINDOW, 0) :]]
        entries: dict[int, Any] = Entry.objects.displayable().in_bulk(wanted)
        # Entries may have been deleted or become private since the last statement.
        window = [match for match in window if match[0] in entries]
        pks = in_order(window, entries, self.shown_query, self.language) + beyond
        shown = [entries[pk] for pk in pks[start:stop] if pk in entries]
        return with_passages(shown, self.shown_query, self.language, request)


def suggestions(
    typed: str, locale: Locale, request: HttpRequest | None = None, limit: int = 8
) -> list[Result]:
    """Return public objects with words in the title that start with what was typed, without passages."""
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
