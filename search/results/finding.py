"""What a visitor finds: the questions of the search page to the index."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page

from home.external_links.validation import is_link
from home.querysets import BasePageQuerySet
from search.index import cluster
from search.index.match import Match
from search.models import Entry, FacetSet
from search.results.filters import Choice, SearchFilters
from search.results.names import Names
from search.results.ranking import WINDOW, in_order
from search.results.result import Result, in_short, with_passages
from search.results.spelling import corrections
from search.text.passages import Finder
from search.text.query import Query
from timeline.models import EventCategory

# Years to choose from; a typed one may be any.
MOST_YEARS = 60
# What a visitor may find in the language of a locale.
PUBLIC = "search_entry.is_public AND search_entry.locale_id = %s"


class Search:
    """
    A search for public things in one language.

    Where nothing has all the words, `corrected` is the query with words spelled as they are here, if that
    finds something, else `is_partial` says that the results have only some of the words.
    """

    def __init__(self, parameters, locale):
        """
        :param parameters: the QueryDict of the request.
        :param locale: the Locale of what is looked for.
        """
        self.locale = locale
        self.language = locale.language_code
        self.query = Query.read(parameters.get("q", ""))
        self.corrected = None
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
        self.tally = self.filters.tally(rows, FacetSet.objects.facets_of([pk for pk, _count in rows]))
        self.finds_nothing = not rows

    def _first_that_finds(self):
        for query, any_word in self._attempts():
            if rows := self._match(query, any_word).count_by("facet_set_id"):
                self.corrected = query if query is not self.query else None
                self.is_partial = any_word
                return rows
        return []

    def _attempts(self):
        """The query, and what may be meant by it, as long as nothing is found."""
        yield self.query, False
        corrected = self.query.corrected(corrections(self.query.words, self.language))
        if corrected != self.query:
            yield corrected, False
        if len(self.query.words) > 1:
            yield self.query, True
            if corrected != self.query:
                yield corrected, True

    def _match(self, query, any_word, where=PUBLIC):
        parameters = [self.locale.pk]
        search_query = query.as_search_query(self.names.synonyms, any_word)
        if cluster.is_used() and (found := cluster.find(search_query, self.locale)) is not None:
            return cluster.ListedMatch(found, where, parameters)
        return Match(search_query, languages=[self.language], where=where, parameters=parameters)

    @property
    def shown_query(self):
        """The query whose results are shown."""
        return self.corrected or self.query

    @property
    def words_shown(self):
        """
        The words to name as those whose results are shown. A correction is named only where public things
        have all of it; else it could tell a word of something that is not public any more.
        """
        return self.query.text if self.is_partial else self.shown_query.text

    @property
    def is_missed(self):
        """Whether nothing has what was asked for, spelled as it may be."""
        return bool(self.query) and (self.finds_nothing or self.is_partial)

    @property
    def total(self):
        """How many results there are."""
        return self.tally.total

    @property
    def kinds(self):
        """The kinds of results, as options."""
        return self.filters.options("kind", self.tally.counts)

    @property
    def total_of_kinds(self):
        """How many results there would be of all kinds."""
        return sum(option.count for option in self.kinds)

    @property
    def groups(self):
        """What else narrows the results: the name of each parameter, its label and its options."""
        labels = {"category": _("Category"), "concern": _("Concern"), "partner": _("Took part")}
        groups = [
            (name, label, self.filters.options(name, self.tally.counts)) for name, label in labels.items()
        ]
        return [group for group in groups if group[2]]

    @property
    def years(self):
        """The years of the results and how many there are of each, in order."""
        years = sorted(each for each in self.tally.counts.items() if isinstance(each[0], int))
        return years[-MOST_YEARS:]

    @property
    def count(self):
        """How many results can be looked through, page by page."""
        return min(self.total, Match.MOST_RANKED)

    def promoted(self, request=None):
        """What editors put first for this query, as far as everybody may see it."""
        of_query = SearchPromotion.objects.filter(query__query_string=self.query.text.lower())
        public = BasePageQuerySet(Page).for_visitors().filter(locale=self.locale)
        promotions = of_query.filter(Q(page__isnull=True) | Q(page__in=public)).select_related("page")
        return [
            Result(
                kind="",
                title=promotion.title,
                address=promotion.page.get_url(request) if promotion.page else promotion.external_link_url,
                passage=promotion.description,
                is_promoted=True,
            )
            for promotion in promotions
            if promotion.page or is_link(promotion.external_link_url)
        ]

    def results(self, start, stop, request=None):
        """The results from one number to another, ready to be shown."""
        if not self.total:
            return []
        where = PUBLIC
        if self.filters.are_set:
            where += f" AND search_entry.facet_set_id IN ({', '.join(map(str, self.tally.sets))})"
        match = self._match(self.shown_query, self.is_partial, where)
        # The window is one, whichever page is asked for, so that no result is on two pages.
        ranked = match.ranked("id", max(stop, WINDOW), is_common=self.total > Match.MOST_RANKED)
        window, beyond = ranked[:WINDOW], [number for number, _score in ranked[WINDOW:]]
        wanted = [*(number for number, _score in window), *beyond[max(start - WINDOW, 0) :]]
        entries = Entry.objects.to_be_shown().in_bulk(wanted)
        # What is not there is not public, or was deleted since the statement before.
        window = [match for match in window if match[0] in entries]
        numbers = in_order(window, entries, self.shown_query, self.language) + beyond
        finder = Finder.of(self.shown_query.words, self.language)
        shown = [entries[number] for number in numbers[start:stop] if number in entries]
        return with_passages(shown, finder, request)


def suggestions(typed, locale, request=None, limit=8):
    """
    What somebody may be about to look for: public things whose title has words that begin as was typed.

    :returns: results without a passage.
    """
    query = Query.read(typed)
    if not query:
        return []
    match = Match(
        query.as_search_query(),
        languages=[locale.language_code],
        zone="starts",
        where=PUBLIC,
        parameters=[locale.pk],
    )
    numbers = [number for number, _score in match.ranked("id", limit)]
    entries = Entry.objects.to_be_shown().defer("text__body").in_bulk(numbers)
    return in_short([entries[number] for number in numbers if number in entries], request)
