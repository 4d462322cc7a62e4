"""Add objects to the index, and remove them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import override
from wagtail.models import Locale, Page

from home.conditions import below
from home.kept import reading
from home.models import PartnerPage
from home.querysets import BasePageQuerySet
from home.text import clean_instance
from search.index.databases import database
from search.index.texts import Texts, body_of, date_words, plain_text, texts_of, title_of, words_of
from search.kinds import KINDS, Kind, kind_of
from search.models import Entry, EntryText, Facets, FacetSet, KnownWord
from search.text.words import words_in
from timeline.models import EventPage


@dataclass
class Indexed:
    """An object that is added to the index. `facets` is for objects that visitors may find."""

    instance: Any
    entry: Entry
    language: str
    texts: Texts
    facets: str = ""


def add(model: Any, instances: Iterable[Any]) -> None:
    """Add objects of one class to the index, or update them."""
    instances = list(instances)
    if not instances:
        return
    kind = kind_of(model)
    with reading():
        prepared = _prepare(model, kind, instances)
    with transaction.atomic():
        if kind:
            facet_sets = FacetSet.objects.ids_of({each.facets for each in prepared})
            for each in prepared:
                each.entry.facet_set_id = facet_sets[each.facets]
        Entry.objects.bulk_create(
            [each.entry for each in prepared],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["locale", "is_public", "page", "anchor", "date", "end_date", "facet_set"],
        )
        database().write({each.entry.pk: words_of(each.texts, each.language) for each in prepared})
        if kind:
            _write_texts(kind, prepared)
            _write_known_words(prepared)


def remove(model: Any, pks: Iterable[int]) -> None:
    """Remove the objects with these primary keys from the index."""
    entries = Entry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(pks)
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM search_words WHERE rowid = %s",
                [[pk] for pk in entries.values_list("pk", flat=True)],
            )
        entries.delete()


def refresh_places() -> None:
    """
    Update which entries are public and where they are, after pages moved or restrictions changed.

    This also affects copies anywhere on the site, and events, which are found by the names of their partners.
    """
    elsewhere: list[Any] = [kind.model for kind in KINDS.values() if kind.page]
    own = Entry.objects.exclude(content_type__in=ContentType.objects.get_for_models(*elsewhere).values())
    public = public_pages().values("pk")
    shown = own.filter(is_public=False, page__in=public)
    hidden = own.filter(is_public=True).exclude(page__in=public)
    changed = [*shown.values_list("page_id", flat=True), *hidden.values_list("page_id", flat=True)]
    shown.update(is_public=True)
    hidden.update(is_public=False)
    if partners := set(changed) & set(PartnerPage.objects.values_list("pk", flat=True)):
        add(EventPage, EventPage.get_indexed_objects().taken_part_in_by(partners))
    for model in elsewhere:
        add(model, model.get_indexed_objects())


def _prepare(model: Any, kind: Kind | None, instances: Collection[Any]) -> list[Indexed]:
    content_type = ContentType.objects.get_for_model(model)
    places = _public_places(kind, instances)
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    prepared = []
    for instance in instances:
        entry = Entry(
            content_type=content_type,
            object_id=instance.pk,
            locale_id=getattr(instance, "locale_id", None),
        )
        language = languages.get(entry.locale_id, settings.LANGUAGE_CODE)
        with override(language):
            each = Indexed(instance, entry, language, texts_of(instance))
            if kind:
                _add_facts(each, kind, places.get(instance.pk))
        prepared.append(each)
    return prepared


def _add_facts(indexed: Indexed, kind: Kind, public_page: int | None) -> None:
    """Fill in the place, the dates and the facets of something that visitors may find."""
    instance, entry = indexed.instance, indexed.entry
    entry.page_id = public_page if kind.page else instance.pk
    entry.is_public = bool(public_page) and instance.live
    entry.anchor = f"{kind.anchor}-{instance.slug}" if kind.anchor else ""
    entry.date, entry.end_date = (_date(getattr(instance, name, "")) for name in ("date", "end_date"))
    indexed.texts["summary"].append(date_words(entry.date, entry.end_date))
    spans = [(entry.date, entry.end_date)]
    if kind.slug == "figure":
        spans = [(value.period_start or value.published, value.period_end) for value in instance.values.all()]
    years = [date.year for span in spans for date in map(_date, span) if date]
    span = range(min(years), max(years) + 1) if years else range(0)
    indexed.facets = str(Facets(frozenset(_marks(kind, instance)), span))


def _date(value: Any) -> Any:
    """Convert the value of a date field to a date. It is still text if text was assigned to it."""
    return Entry._meta.get_field("date").to_python(value)


def _marks(kind: Kind, instance: Any) -> Iterator[str]:
    yield f"kind:{kind.slug}"
    if kind.slug == "event":
        yield f"category:{instance.category_id}"
        yield from (f"concern:{concern.pk}" for concern in instance.concerns.all())
        yield from (f"partner:{partner.pk}" for partner in instance.partners.all())
    elif kind.slug in {"concern", "partner"}:
        yield f"{kind.slug}:{instance.pk}"


def _write_texts(kind: Kind, prepared: Iterable[Indexed]) -> None:
    shown = []
    for each in prepared:
        title = title_of(each.instance)
        names = [name.strip() for text in each.texts["title"] if text != title for name in text.split(",")]
        shown.append(
            EntryText(
                entry=each.entry,
                title=title,
                names="\n".join(filter(None, names)),
                summary=plain_text(getattr(each.instance, kind.summary)),
                body=body_of(each.instance),
            )
        )
    for text in shown:
        # bulk_create doesn't send the signal that does this.
        clean_instance(text)
    EntryText.objects.bulk_create(
        shown,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["title", "names", "summary", "body"],
    )


def _write_known_words(prepared: Iterable[Indexed]) -> None:
    known = {
        (each.language, word)
        for each in prepared
        if each.entry.is_public
        for some in each.texts.values()
        for text in some
        for word, *_ in words_in(text)
        if len(word) >= KnownWord.MIN_LENGTH and word.isalpha()
    }
    KnownWord.objects.bulk_create(
        [KnownWord(language=language, word=word) for language, word in sorted(known)], ignore_conflicts=True
    )


def public_pages() -> BasePageQuerySet:
    """Select the pages that everyone may read, without aliases, which are duplicates."""
    roots = Page.objects.filter(sites_rooted_here__isnull=False).values("translation_key")
    paths = Page.objects.filter(translation_key__in=roots).values_list("path", flat=True)
    return BasePageQuerySet(Page).filter(below(paths), alias_of__isnull=True).for_visitors()


def _public_places(kind: Kind | None, instances: Iterable[Any]) -> dict[int, int]:
    """Return the primary keys of the public pages that show the objects, by the objects' primary keys."""
    if kind is None:
        return {}
    if kind.page is None:
        pks = [instance.pk for instance in instances]
        return {pk: pk for pk in public_pages().filter(pk__in=pks).values_list("pk", flat=True)}
    pages = dict(public_pages().type(kind.page).values_list("locale_id", "pk"))
    return {each.pk: pages[each.locale_id] for each in instances if each.locale_id in pages}
