"""The names of concerns, partners and glossary terms: to filter by, and as synonyms."""

from functools import cached_property, lru_cache
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale

from home.kept.prepared import Parameter, Prepared
from search.kinds import KINDS
from search.models import Entry
from search.results.filters import Choice
from search.text.query import Synonyms
from search.text.words import is_stopword, words_in


class Named(NamedTuple):
    """A concern, partner or term. `names` are its other names, one per line."""

    type_id: int
    object_id: int
    slug: str
    title: str
    names: str


class Names:
    """The names of public concerns, partners and terms in one language."""

    def __init__(self, locale: Locale) -> None:
        kinds = [KINDS[slug] for slug in ("concern", "partner", "term")]
        self.types = {ContentType.objects.get_for_model(kind.model).pk: kind.slug for kind in kinds}
        self.named = [Named(*row) for row in named_among(tuple(self.types))(locale.pk)]

    def choices(self, group: str) -> list[Choice]:
        """Return the concerns or the partners as choices, in their order on the site."""
        return [
            Choice(each.slug, each.title, f"{group}:{each.object_id}")
            for each in self.named
            if self.types[each.type_id] == group
        ]

    @cached_property
    def synonyms(self) -> Synonyms:
        """All names of each concern, partner and term, by each of its names."""
        found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for each in self.named:
            names = [each.title, *each.names.splitlines()]
            phrases = set(filter(None, (tuple(word for word, *_ in words_in(name)) for name in names)))
            for phrase in phrases if len(phrases) > 1 else ():
                # Queries have no stopwords.
                key = tuple(word for word in phrase if not is_stopword(word)) or phrase
                found.setdefault(key, set()).update(phrases - {phrase})
        return {phrase: sorted(others) for phrase, others in found.items()}


@lru_cache
def named_among(types: tuple[int, ...]) -> Prepared:
    """Return the query of what is public, of some content types, in a locale."""
    entries = Entry.objects.filter(content_type__in=types, locale=Parameter(0), is_public=True)
    fields = ("content_type_id", "object_id", "page__slug", "text__title", "text__names")
    return Prepared(entries.order_by("page__path").values_list(*fields))
