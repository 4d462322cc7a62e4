"""
Wagtail's search over the index of this app: for the admin's lists and choosers, and the timeline's words.

Wagtail's own backend for SQLite compares every match with every other one, and it knows endings on
PostgreSQL only; see docs/decisions/0007-a-search-index-of-our-own.md.
"""

from collections import OrderedDict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.db.models.expressions import RawSQL
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
)
from modelsearch.query import MATCH_ALL, MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

from search.index import entries
from search.index.match import Match
from search.models import Entry
from search.text.query import Query
from search.text.words import languages

# How many of the best matches are looked up at a time; most pages of results need the first lot only.
LOTS = (100, 1000, Match.MOST_RANKED)


class IndexIndex(BaseIndex):
    """Wagtail's way to write to the index; `update_index` comes by it."""

    def add_items(self, model, items):
        entries.add(model, items)

    def delete_item(self, item):
        entries.remove(type(item), [item.pk])

    def reset(self):
        Entry.objects.all().delete()


class Rebuilder:
    """What `update_index` does before and after: here, forgetting what is no more."""

    def __init__(self, index):
        self.index = index

    def start(self):
        for content_type in ContentType.objects.filter(
            pk__in=Entry.objects.values("content_type").distinct()
        ):
            model = content_type.model_class()
            of_type = Entry.objects.filter(content_type=content_type)
            if model is None:
                of_type.delete()
            elif gone := set(of_type.values_list("object_id", flat=True)) - set(
                model._default_manager.values_list("pk", flat=True)
            ):
                entries.remove(model, gone)
        return self.index

    def finish(self):
        """Nothing is left to do: each entry is whole as it is written."""


class QueryCompiler(BaseSearchQueryCompiler):
    """A query and the queryset that it narrows."""

    HANDLES_ORDER_BY_EXPRESSIONS = True
    zone = "all"

    def __init__(self, queryset, query, fields=None, operator=None, order_by_relevance=True):
        if isinstance(query, str):
            read = Query.read(query)
            # Of nothing Wagtail makes results without a model, on which its lists of snippets fail.
            query = read.as_search_query(any_word=operator == "or") if read else Not(MATCH_ALL)
        super().__init__(queryset, query, fields, operator, order_by_relevance)

    @property
    def match(self):
        """What the query matches of the queryset's model and its descendants."""
        query = self.query.subquery if isinstance(self.query, Not) else self.query
        types = ", ".join(str(int(pk)) for pk in get_descendants_content_types_pks(self.queryset.model))
        zone = "title" if self.zone == "all" and self.fields and set(self.fields) <= {"title"} else self.zone
        return Match(
            query, languages=languages(), zone=zone, where=f"search_entry.content_type_id IN ({types})"
        )

    @property
    def is_everything(self):
        return isinstance(self.query, MatchAll)

    def filtered(self):
        """The queryset with the objects that match, in no new order."""
        if self.is_everything:
            return self.queryset
        if isinstance(self.query, Not) and isinstance(self.query.subquery, MatchAll):
            return self.queryset.none()
        sql, parameters = self.match.statement("search_entry.object_id")
        condition = {"pk__in": RawSQL(sql, parameters)}
        is_negative = isinstance(self.query, Not)
        return self.queryset.exclude(**condition) if is_negative else self.queryset.filter(**condition)

    @property
    def is_ranked(self):
        return self.order_by_relevance and not self.is_everything and not isinstance(self.query, Not)


class AutocompleteQueryCompiler(QueryCompiler):
    """As above, for words that are only begun."""

    zone = "starts"


class Results(BaseSearchResults):
    """Objects in the order of relevance, or in that of their queryset."""

    supports_facet = True

    def _do_search(self):
        compiler = self.query_compiler
        if compiler.is_ranked:
            return self._ranked()
        found = compiler.filtered()
        # The same order on every page of the list, see wagtail/wagtail#3729.
        return list((found if found.query.order_by else found.order_by("-pk"))[self.start : self.stop])

    def _ranked(self):
        """The part of the results that is asked for: the best of the matches that the queryset has."""
        compiler = self.query_compiler
        queryset = compiler.queryset.order_by()
        scores, pks, seen = {}, [], 0
        match = compiler.match
        is_common = match.is_common()
        for lot in LOTS:
            scores = dict(match.ranked("object_id", lot, is_common))
            candidates = list(scores)[seen:]
            known = set(queryset.filter(pk__in=candidates).values_list("pk", flat=True))
            pks += [pk for pk in candidates if pk in known]
            seen += len(candidates)
            if len(scores) < lot or (self.stop is not None and len(pks) >= self.stop):
                break
        wanted = pks[self.start : self.stop]
        found = {each.pk: each for each in compiler.queryset.filter(pk__in=wanted)}
        results = [found[pk] for pk in wanted if pk in found]
        if self._score_field:
            for each in results:
                setattr(each, self._score_field, scores[each.pk])
        if len(scores) == LOTS[-1] and (self.stop is None or len(pks) < self.stop):
            # Beyond what is ranked, the newest come first.
            rest = compiler.filtered().exclude(pk__in=list(scores)).order_by("-pk")
            stop = None if self.stop is None else self.stop - len(pks)
            results += rest[max(self.start - len(pks), 0) : stop]
        return results

    def _do_count(self):
        compiler = self.query_compiler
        # Without a condition of the queryset, the index knows it all.
        is_whole = compiler.is_ranked and not compiler.queryset.query.where
        count = compiler.match.count() if is_whole else compiler.filtered().order_by().count()
        stop = count if self.stop is None else min(count, self.stop)
        return max(stop - self.start, 0)

    def facet(self, field_name):
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f"Cannot count search results by {field_name!r}: add index.FilterField({field_name!r}) to "
                f"{self.query_compiler.queryset.model.__name__}.search_fields.",
                field_name=field_name,
            )
        found = self.query_compiler.filtered().order_by().values_list(field_name)
        return OrderedDict(found.annotate(count=Count("pk")).order_by("-count"))


class SearchBackend(BaseSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = IndexIndex
    results_class = Results
    rebuilder_class = Rebuilder
