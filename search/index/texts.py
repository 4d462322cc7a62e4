"""Extract the texts of an object for the index."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.encoding import force_str
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from home.dates.values import PreciseDate
from search.index.databases import EntryWords
from search.text.query import words_of_date
from search.text.words import stems, words_in

# Texts by zone. "starts" is for autocompletion.
Texts = dict[str, list[str]]

# The zone of a field, by the minimum boost in `search_fields`.
ZONES = ((5, "title"), (2, "summary"), (1, "body"), (0, "file"))

# An event is found by each of its years and months, up to this many.
MAX_YEARS = 60
MAX_MONTHS = 36

# Two or more capitalized words, with small ones between them: the name of an organization.
NAME = re.compile(r"\b(?!The )[A-Z]\w+(?:,? (?:(?:and|for|of|on) )*[A-Z]\w+){1,7}\b")
MIN_ACRONYM_LENGTH = 3
HYPHENATED = re.compile(r"\b\w+(?:-\w+)+\b")


def texts_of(instance: Any) -> Texts:
    """Return the texts of an object that is indexed."""
    texts: Texts = {zone: [] for zone in ("starts", *(zone for _boost, zone in ZONES))}
    for field, text in _fields_of(instance, instance.get_search_fields()):
        if isinstance(field, AutocompleteField):
            texts["starts"].append(text)
        else:
            boost = field.boost or 1
            texts[next(zone for minimum, zone in ZONES if boost >= minimum)].append(text)
    return texts


def body_of(instance: Any) -> str:
    """Return the text for passages in results. It leaves out names of related objects, such as sources."""
    fields = instance.get_search_fields()
    own = [field for field in fields if field.field_name in {"body", "values", "corrections"}]
    return "\n".join(text for _field, text in _fields_of(instance, own))


def title_of(instance: Any) -> str:
    return getattr(instance, "title", None) or str(instance)


def plain_text(value: Any) -> str:
    """Return the text of a field's value."""
    if value is None:
        return ""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return "\n".join(map(plain_text, value))
    # A combining accent would split the word.
    return unicodedata.normalize("NFC", force_str(value))


def words_of(texts: Texts, language: str) -> EntryWords:
    """Return the words of an object for the index."""
    zones = {zone: [root for text in some for root in stems(text, language)] for zone, some in texts.items()}
    for text in texts["title"] + texts["summary"] + texts["body"]:
        zones["body"] += [root for word in other_spellings(text) for root in stems(word, language)]
    # Together with the stems, so that "policies" completes to "Policy".
    zones["starts"] += [word for text in texts["starts"] for word, *_ in words_in(text)]
    return EntryWords(**zones)


def date_words(start: PreciseDate | None, end: PreciseDate | None = None) -> str:
    """Return a date or a span as words, with the months and years in it: "October 25 2016 10"."""
    if not start:
        return ""
    words = words_of_date(start)
    if start.month:
        words.append(str(start.month))
    if end:
        words += words_of_date(end)
        words += [str(year) for year in range(start.year, min(end.year, start.year + MAX_YEARS))]
        if start.month and end.month:
            first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
            for number in range(first, min(last, first + MAX_MONTHS)):
                words += words_of_date(PreciseDate(number // 12, number % 12 + 1))
    return " ".join(words)


def other_spellings(text: str) -> Iterator[str]:
    """Yield acronyms of names ("DoJ" for the Department of Justice) and words without their hyphens."""
    for name in NAME.findall(text):
        for initial in (r"\b[A-Z]", r"\b\w"):
            if len(acronym := "".join(re.findall(initial, name))) >= MIN_ACRONYM_LENGTH:
                yield acronym
    for word in HYPHENATED.findall(text):
        yield word.replace("-", "")


def _fields_of(instance: Any, search_fields: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Yield the fields and their texts, including those of related objects."""
    for field in search_fields:
        if isinstance(field, RelatedFields):
            related = field.get_value(instance)
            related = related.all() if hasattr(related, "all") else [related]
            for other in related:
                if other is not None:
                    yield from _fields_of(other, field.fields)
        elif isinstance(field, SearchField | AutocompleteField) and (
            text := plain_text(field.get_value(instance))
        ):
            yield field, text
