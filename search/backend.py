"""
Wagtail's search backend on our index, for the admin's lists and choosers and the timeline's filters.

On SQLite, Wagtail's own backend compares every match with every other one, and only on PostgreSQL does it
find other forms of a word; see docs/decisions/0007-a-search-index-of-our-own.md.
"""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
)
from modelsearch.index import get_indexed_models
from modelsearch.query import MATCH_ALL, MatchAll, Not

from search.index import entries
from search.index.matches import Matches
from search.models import Entry
from search.text.query import Query
from search.text.words import languages
from search.wagtail_internals import has_conditions, is_ordered, score_field

# The best matches are fetched until there are enough of them. The first of these numbers does for most pages.
BATCHES = (100, 1000, Matches.MAX_RANKED)


class Index(BaseIndex):
    """The interface through which Wagtail writes to the index."""

    def add_items(self, model: Any, items: Collection[Any]) -> None:
        entries.add(model, items)

    def delete_item(self, item: Any) -> None:
        entries.remove(type(item), [item.pk])

    def reset(self) -> None:
        Entry.objects.all().delete()


class Rebuilder:
    """Removes objects that no longer exist, before `update_index` adds all others."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def start(self) -> Index:
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

    def finish(self) -> None:
        """Called by Wagtail. There is nothing left to do."""


class QueryCompiler(BaseSearchQueryCompiler):
    """A query and the queryset that it filters."""

    HANDLES_ORDER_BY_EXPRESSIONS = True
    zone = "all"

    def __init__(self, queryset: QuerySet, query: Any, operator: str | None = None, **options: Any) -> None:
        if isinstance(query, str):
            parsed = Query.parse(query)
            # Wagtail's lists of snippets fail on the results that it makes for an empty query.
            query = parsed.as_search_query(any_word=operator == "or") if parsed else Not(MATCH_ALL)
        super().__init__(queryset, query, operator=operator, **options)

    @property
    def matches(self) -> Matches:
        """The entries of the queryset's model and its descendants that match. A Not is left out."""
        query = self.query.subquery if isinstance(self.query, Not) else self.query
        models = [model for model in get_indexed_models() if issubclass(model, self.queryset.model)]
        types = ContentType.objects.get_for_models(*models).values()
        ids = ", ".join(str(content_type.pk) for content_type in types)
        zone = "title" if self.zone == "all" and self.fields and set(self.fields) <= {"title"} else self.zone
        return Matches(
            query, languages=languages(), zone=zone, where=f"search_entry.content_type_id IN ({ids})"
        )

    @property
    def is_everything(self) -> bool:
        return isinstance(self.query, MatchAll)

    def filtered(self) -> QuerySet:
        """Return the queryset with the matching objects, in its own order."""
        if self.is_everything:
            return self.queryset
        if isinstance(self.query, Not) and isinstance(self.query.subquery, MatchAll):
            return self.queryset.none()
        sql, parameters = self.matches.statement("search_entry.object_id")
        condition = {"pk__in": RawSQL(sql, parameters)}
        is_negative = isinstance(self.query, Not)
        return self.queryset.exclude(**condition) if is_negative else self.queryset.filter(**condition)

    @property
    def is_ranked(self) -> bool:
        return self.order_by_relevance and not self.is_everything and not isinstance(self.query, Not)


class AutocompleteQueryCompiler(QueryCompiler):
    """A query with the beginnings of words."""

    zone = "starts"


class Results(BaseSearchResults):
    """The matching objects, by relevance or in the order of their queryset."""

    supports_facet = True

    def _do_search(self) -> list[Any]:
        compiler = self.query_compiler
        if compiler.is_ranked:
            return self._ranked()
        found = compiler.filtered()
        # All pages of a list need the same order, see wagtail/wagtail#3729.
        found = found if is_ordered(found) else found.order_by("-pk")
        return list(found[self.start : self.stop])

    def _ranked(self) -> list[Any]:
        """Return the requested slice of the best matches that are in the queryset."""
        compiler = self.query_compiler
        queryset = compiler.queryset.order_by()
        scores: dict[int, float] = {}
        pks: list[int] = []
        seen = 0
        matches = compiler.matches
        is_common = matches.is_common()
        for limit in BATCHES:
            scores = dict(matches.ranked("object_id", limit, is_common))
            candidates = list(scores)[seen:]
            known = set(queryset.filter(pk__in=candidates).values_list("pk", flat=True))
            pks += [pk for pk in candidates if pk in known]
            seen += len(candidates)
            if len(scores) < limit or (self.stop is not None and len(pks) >= self.stop):
                break
        wanted = pks[self.start : self.stop]
        found = {each.pk: each for each in compiler.queryset.filter(pk__in=wanted)}
        results = [found[pk] for pk in wanted if pk in found]
        if name := score_field(self):
            for each in results:
                setattr(each, name, scores[each.pk])
        if len(scores) == BATCHES[-1] and (self.stop is None or len(pks) < self.stop):
            # After those that are ranked, the newest come first.
            rest = compiler.filtered().exclude(pk__in=list(scores)).order_by("-pk")
            stop = None if self.stop is None else self.stop - len(pks)
            results += rest[max(self.start - len(pks), 0) : stop]
        return results

    def _do_count(self) -> int:
        compiler = self.query_compiler
        # If the queryset has no conditions, the index alone can count.
        is_whole = compiler.is_ranked and not has_conditions(compiler.queryset)
        count = compiler.matches.count() if is_whole else compiler.filtered().order_by().count()
        stop = count if self.stop is None else min(count, self.stop)
        return max(stop - self.start, 0)

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        model = self.query_compiler.queryset.model
        if field_name not in {field.get_attname(model) for field in model.get_filterable_search_fields()}:
            raise FilterFieldError(
                f"Cannot count search results by {field_name!r}: add index.FilterField({field_name!r}) to "
                f"{model.__name__}.search_fields.",
                field_name=field_name,
            )
        found = self.query_compiler.filtered().order_by().values_list(field_name)
        return OrderedDict(found.annotate(count=Count("pk")).order_by("-count"))


class SearchBackend(BaseSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
    results_class = Results
    rebuilder_class = Rebuilder
