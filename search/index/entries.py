"""What of a thing goes into the index, and when everybody may find it."""

import re
import unicodedata

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.encoding import force_str
from django.utils.translation import override
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from wagtail.models import Locale, Page

from home.conditions import below
from home.models import PartnerPage
from home.querysets import BasePageQuerySet
from home.text import clean_instance
from search.index.databases import Row, database
from search.kinds import KINDS, kind_of
from search.models import Entry, EntryText, Facets, FacetSet, KnownWord
from search.text.query import words_of_date
from search.text.words import stems, words_in
from timeline.models import EventPage

# An event of many years is found by each of them, within reason.
MOST_YEARS = 60
MOST_MONTHS = 36
# A shorter word has too many others beside it to be mended.
SHORTEST_KNOWN_WORD = 4

# Two or more words with a capital, and small ones between, as names of organizations have them.
NAME = re.compile(r"\b(?!The )[A-Z]\w+(?:,? (?:(?:and|for|of|on) )*[A-Z]\w+){1,7}\b")
SHORTEST_ACRONYM = 3
HYPHENATED = re.compile(r"\b\w+(?:-\w+)+\b")

# The zone of a field by the least boost that its `search_fields` give it: a name of the thing, something said
# of it in short, its text, the text of its file.
ZONES = ((5, "title"), (2, "summary"), (1, "body"), (0, "file"))


def texts_of(thing):
    """The texts of a thing, in a dictionary of lists by their zones; "starts" has those of autocompletion."""
    texts = {"starts": []} | {zone: [] for _boost, zone in ZONES}
    for search_field, text in _fields_of(thing, thing.get_search_fields()):
        if isinstance(search_field, AutocompleteField):
            texts["starts"].append(text)
        else:
            boost = search_field.boost or 1
            texts[next(zone for least, zone in ZONES if boost >= least)].append(text)
    return texts


def _fields_of(thing, search_fields):
    """Pairs of a field and its text, those of related things included."""
    for search_field in search_fields:
        if isinstance(search_field, RelatedFields):
            related = search_field.get_value(thing)
            related = related.all() if hasattr(related, "all") else [related]
            for other in related:
                if other is not None:
                    yield from _fields_of(other, search_field.fields)
        elif isinstance(search_field, SearchField | AutocompleteField) and (
            text := _text(search_field.get_value(thing))
        ):
            yield search_field, text


def _own_text(thing):
    """What a thing says itself, for passages: not what its sources and the rest around it are called."""
    own = [each for each in thing.get_search_fields() if each.field_name in {"body", "values", "corrections"}]
    return "\n".join(text for _field, text in _fields_of(thing, own))


def _text(value):
    if value is None:
        return ""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return "\n".join(map(_text, value))
    # An accent that is a character of its own would part a word.
    return unicodedata.normalize("NFC", force_str(value))


def add(model, things):
    """
    Put things into the index, or again.

    :param model: the class of all of them.
    """
    things = list(things)
    if not things:
        return
    content_type = ContentType.objects.get_for_model(model)
    kind = kind_of(model)
    public = _public_places(kind, things)
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    entries, facets, prepared = [], [], []
    for thing in things:
        entry = Entry(
            content_type=content_type, object_id=thing.pk, locale_id=getattr(thing, "locale_id", None)
        )
        language = codes.get(entry.locale_id, settings.LANGUAGE_CODE)
        with override(language):
            texts = texts_of(thing)
            if kind:
                facets.append(_add_facts(entry, kind, thing, public.get(thing.pk)))
                texts["summary"].append(date_words(entry.date, entry.end_date))
        entries.append(entry)
        prepared.append((thing, texts, language))
    with transaction.atomic():
        numbers = FacetSet.objects.numbers_of(set(facets)) if kind else {}
        for entry, text in zip(entries, facets, strict=bool(kind)):
            entry.facet_set_id = numbers[text]
        Entry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=[
                *("locale", "is_public", "page", "anchor", "date", "end_date", "facet_set"),
            ],
        )
        database().write(
            {
                entry.pk: _row(texts, language)
                for entry, (_thing, texts, language) in zip(entries, prepared, strict=True)
            }
        )
        if kind:
            _keep_texts(kind, entries, prepared)


def _add_facts(entry, kind, thing, public_page):
    """Say of an entry where and when it is; what it can be narrowed by is returned, as text."""
    entry.page_id = public_page if kind.page else thing.pk
    entry.is_public = bool(public_page) and thing.live
    entry.anchor = f"{kind.anchor}-{thing.slug}" if kind.anchor else ""
    entry.date, entry.end_date = (_date(getattr(thing, name, "")) for name in ("date", "end_date"))
    spans = [(entry.date, entry.end_date)]
    if kind.slug == "figure":
        spans = [(value.period_start or value.published, value.period_end) for value in thing.values.all()]
    years = [date.year for span in spans for date in map(_date, span) if date]
    span = range(min(years), max(years) + 1) if years else range(0)
    return str(Facets(frozenset(_marks(kind, thing)), span))


def _date(value):
    """The date of a field that may hold its text still, as it was assigned."""
    return Entry._meta.get_field("date").to_python(value)


def _marks(kind, thing):
    yield f"kind:{kind.slug}"
    if kind.slug == "event":
        yield f"category:{thing.category_id}"
        yield from (f"concern:{pk}" for pk in (concern.pk for concern in thing.concerns.all()))
        yield from (f"partner:{pk}" for pk in (partner.pk for partner in thing.partners.all()))
    elif kind.slug in {"concern", "partner"}:
        yield f"{kind.slug}:{thing.pk}"


def _public_places(kind, things):
    """The numbers of the public pages on which things are seen, by the numbers of the things."""
    if kind is None:
        return {}
    if kind.page is None:
        found = public_pages().filter(pk__in=[thing.pk for thing in things]).values_list("pk", flat=True)
        return {pk: pk for pk in found}
    pages = dict(public_pages().type(kind.page).values_list("locale_id", "pk"))
    return {thing.pk: pages[thing.locale_id] for thing in things if thing.locale_id in pages}


def public_pages():
    """All pages that anybody may read, but for aliases, which say again what another page says."""
    roots = Page.objects.filter(sites_rooted_here__isnull=False).values("translation_key")
    paths = Page.objects.filter(translation_key__in=roots).values_list("path", flat=True)
    return BasePageQuerySet(Page).filter(below(paths), alias_of__isnull=True).for_visitors()


def date_words(start, end=None):
    """A date, or the span of two, as words for the index: "October 25 2016 10", and the months between."""
    if not start:
        return ""
    words = words_of_date(start)
    if start.month:
        words.append(str(start.month))
    if end:
        words += words_of_date(end)
        words += [str(year) for year in range(start.year, min(end.year, start.year + MOST_YEARS))]
        if start.month and end.month:
            first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
            for number in range(first, min(last, first + MOST_MONTHS)):
                words += words_of_date(type(start)(number // 12, number % 12 + 1))
    return " ".join(words)


def other_spellings(text):
    """
    How else somebody may write words of a text: names by their initials ("DoJ" of the Department of Justice),
    and words without their hyphen ("teachin").
    """
    for name in NAME.findall(text):
        for initial in (r"\b[A-Z]", r"\b\w"):
            if len(acronym := "".join(re.findall(initial, name))) >= SHORTEST_ACRONYM:
                yield acronym
    for word in HYPHENATED.findall(text):
        yield word.replace("-", "")


def _row(texts, language):
    """What is written of a thing into the index."""
    zones = {zone: [root for text in some for root in stems(text, language)] for zone, some in texts.items()}
    for text in texts["title"] + texts["summary"] + texts["body"]:
        zones["body"] += [root for word in other_spellings(text) for root in stems(word, language)]
    # With the stems, "policies" finds "Policy" where beginnings are looked for.
    zones["starts"] += [word for text in texts["starts"] for word, *_ in words_in(text)]
    return Row(**zones)


def _keep_texts(kind, entries, prepared):
    """Keep what is shown of things that visitors find, and their words for those who mistype them."""
    shown, known = [], set()
    for entry, (thing, texts, language) in zip(entries, prepared, strict=True):
        title = _title(thing)
        names = [name.strip() for text in texts["title"] if text != title for name in text.split(",")]
        shown.append(
            EntryText(
                entry=entry,
                title=title,
                names="\n".join(filter(None, names)),
                summary=_text(getattr(thing, kind.summary)),
                body=_own_text(thing),
            )
        )
        if entry.is_public:
            known |= {
                (language, word)
                for some in texts.values()
                for text in some
                for word, *_ in words_in(text)
                if len(word) >= SHORTEST_KNOWN_WORD and word.isalpha()
            }
    for text in shown:
        # bulk_create sends no signal that would do it.
        clean_instance(text)
    EntryText.objects.bulk_create(
        shown,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["title", "names", "summary", "body"],
    )
    KnownWord.objects.bulk_create(
        [KnownWord(language=language, word=word) for language, word in sorted(known)], ignore_conflicts=True
    )


def _title(thing):
    return getattr(thing, "title", None) or str(thing)


def remove(model, pks):
    """Take things out of the index, whose numbers these are."""
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


def refresh_places():
    """
    Look again who may find pages, and what is shown on any, after a move or a change of restrictions. That
    reaches copies wherever they are, and events that are found by the names of their partners.
    """
    elsewhere = [kind.model for kind in KINDS.values() if kind.page]
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
