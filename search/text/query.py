"""Clean and parse what a visitor typed: words, "phrases", -exclusions and dates."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.dates import MONTHS
from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from home.dates import parsing, values
from search.text.words import is_stopword, words_in
from timeline.parameters import MAX_QUERY_LENGTH

# The words of a phrase, and other phrases with the same meaning.
Synonyms = Mapping[tuple[str, ...], list[tuple[str, ...]]]

_PARTS = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
# Words of the longest date: "the 3rd of April 2017".
_MAX_DATE_WORDS = 5


def clean_query(text: str) -> str:
    """
    Remove what databases can't take and what can't be found.

    This is control characters, surrogates, signs without a word, unpaired quotation marks, and everything
    after MAX_QUERY_LENGTH characters.
    """
    text = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text[:MAX_QUERY_LENGTH]
    )
    text = _with_words(unicodedata.normalize("NFC", text.translate(_QUOTES)))
    return text if text.count('"') % 2 == 0 else _with_words(text.replace('"', " "))


# Quotation marks and minus signs as phones write them.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "–": "-"})


def _with_words(text: str) -> str:
    return " ".join(word for word in text.split() if any(character.isalnum() for character in word))


@dataclass(frozen=True)
class Part:
    """A part of a query: a word, or the words of a phrase in order."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_excluded: bool = False

    def as_search_query(self) -> SearchQuery:
        text = " ".join(self.words)
        return Phrase(text) if self.is_phrase and len(self.words) > 1 else PlainText(text)


@dataclass(frozen=True)
class Query:
    """A parsed query. It is false if there is nothing to search for."""

    text: str
    wanted: tuple[Part, ...] = ()
    excluded: tuple[Part, ...] = ()

    @classmethod
    def parse(cls, typed: str) -> "Query":
        """Parse any text."""
        text = clean_query(typed)
        parts = list(_parts(_with_dates_in_words(text)))
        excluded = tuple(part for part in parts if part.is_excluded)
        return cls(
            text, tuple(_without_stopwords([part for part in parts if not part.is_excluded])), excluded
        )

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def words(self) -> list[str]:
        """The words to find, including those of phrases."""
        return [word for part in self.wanted for word in part.words]

    def corrected(self, corrections: Mapping[str, str]) -> "Query":
        """Return the query with other words, by normalized word, each of which may be several words."""
        text = self.text
        for word, start, end in reversed(list(words_in(text))):
            if word in corrections:
                text = text[:start] + corrections[word] + text[end:]
        return Query.parse(text)

    def as_search_query(self, synonyms: Synonyms | None = None, any_word: bool = False) -> SearchQuery:
        """
        Return a query for any of Wagtail's search backends.

        :param any_word: whether one of the words is enough. Then phrases don't count.
        """
        query: SearchQuery
        if any_word:
            query = _combine(Or, [PlainText(word) for word in dict.fromkeys(self.words)])
        else:
            query = _combine(And, list(_with_synonyms(self.wanted, synonyms or {})))
        if self.excluded:
            query = And([query, *(Not(part.as_search_query()) for part in self.excluded)])
        return query


def _parts(text: str) -> Iterator[Part]:
    for match in _PARTS.finditer(text):
        is_excluded = match["minus"] is not None
        if match["phrase"] is not None:
            if words := tuple(word for word, *_ in words_in(match["phrase"])):
                yield Part(words, is_phrase=True, is_excluded=is_excluded)
            continue
        for word, *_ in words_in(match["word"]):
            yield Part((word,), is_excluded=is_excluded)


def _without_stopwords(parts: list[Part]) -> list[Part]:
    """Leave out stopwords, unless there are no other words."""
    return [part for part in parts if part.is_phrase or not is_stopword(part.words[0])] or parts


def _with_dates_in_words(text: str) -> str:
    """Write dates such as "10/25/2016" or "oct 2016" as the index has them: "october 25 2016"."""
    if '"' in text:
        return text
    pieces = text.split()
    position = 0
    while position < len(pieces):
        for length in range(min(_MAX_DATE_WORDS, len(pieces) - position), 0, -1):
            if words := _date_words(" ".join(pieces[position : position + length])):
                pieces[position : position + length] = words
                position += len(words) - 1
                break
        position += 1
    return " ".join(pieces)


def _date_words(text: str) -> list[str] | None:
    try:
        date = parsing.parse(text)
    except values.DateParseError:
        return None
    return words_of_date(date)


def words_of_date(date: values.PreciseDate) -> list[str]:
    """Return a date as words in the active language: ["October", "25", "2016"]."""
    parts = [date.month and str(MONTHS[date.month]), date.day and str(date.day), f"{date.year:04}"]
    return [part for part in parts if part]


def _with_synonyms(parts: tuple[Part, ...], synonyms: Synonyms) -> Iterator[SearchQuery]:
    """Yield queries for the parts. Consecutive words that have synonyms are searched together with these."""
    position = 0
    longest = max(map(len, synonyms), default=0)
    while position < len(parts):
        for length in range(min(longest, len(parts) - position), 0, -1):
            some = parts[position : position + length]
            words = tuple(word for part in some for word in part.words)
            if others := synonyms.get(words):
                own = _combine(And, [part.as_search_query() for part in some])
                phrases = [replace(some[0], words=other, is_phrase=True) for other in others]
                yield Or([own, *(phrase.as_search_query() for phrase in phrases)])
                position += length
                break
        else:
            yield parts[position].as_search_query()
            position += 1


def _combine(operator: Callable, queries: list[SearchQuery]) -> SearchQuery:
    return queries[0] if len(queries) == 1 else operator(queries)
