"""The names of concerns, partners and glossary terms: to filter by, and as synonyms."""

from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale

from home.kept import kept
from search.kinds import KINDS
from search.models import Entry
from search.results.filters import Choice
from search.text.query import Synonyms
from search.text.words import is_stopword, words_in


@kept
def names_in(locale: Locale) -> "Names":
    return Names(locale)


class Names:
    """The names of public concerns, partners and terms in one language."""

    def __init__(self, locale: Locale) -> None:
        kinds = [KINDS[slug] for slug in ("concern", "partner", "term")]
        types = {ContentType.objects.get_for_model(kind.model).pk: kind for kind in kinds}
        entries = Entry.objects.filter(content_type__in=types, locale=locale, is_public=True)
        self.entries = [
            (types[entry.content_type_id].slug, entry)
            for entry in entries.select_related("text", "page")
            .only("content_type", "object_id", "page__slug", "text__title", "text__names")
            .order_by("page__path")
        ]

    def choices(self, group: str) -> list[Choice]:
        """Return the concerns or the partners as choices, in their order on the site."""
        return [
            Choice(entry.page.slug, entry.text.title, f"{group}:{entry.object_id}")
            for slug, entry in self.entries
            if slug == group
        ]

    @cached_property
    def synonyms(self) -> Synonyms:
        """All names of each concern, partner and term, by each of its names."""
        found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for _slug, entry in self.entries:
            names = [entry.text.title, *entry.text.names.splitlines()]
            phrases = set(filter(None, (tuple(word for word, *_ in words_in(name)) for name in names)))
            for phrase in phrases if len(phrases) > 1 else ():
                # Queries have no stopwords.
                key = tuple(word for word in phrase if not is_stopword(word)) or phrase
                found.setdefault(key, set()).update(phrases - {phrase})
        return {phrase: sorted(others) for phrase, others in found.items()}
