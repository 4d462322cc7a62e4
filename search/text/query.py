"""What a person typed, made harmless and understood: words, "phrases", -exclusions and dates."""

import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils.dates import MONTHS
from modelsearch.query import And, Not, Or, Phrase, PlainText

from home.dates import parsing, values
from search.text.words import is_stopword, words_in
from timeline.filters import LONGEST_QUERY

_PARTS = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
# In so many words a date is written: "the 3rd of April 2017".
_LONGEST_DATE = 5


def clean_query(text):
    """
    What a person typed, without what a database cannot take or would look for in vain: control characters,
    half characters, signs that stand alone, quotation marks without a partner, and more than `LONGEST_QUERY`
    characters. The empty string where nothing is left.
    """
    text = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text[:LONGEST_QUERY]
    )
    text = _with_words(unicodedata.normalize("NFC", text.translate(_QUOTES)))
    return text if text.count('"') % 2 == 0 else _with_words(text.replace('"', " "))


# As phones write quotation marks and minus signs.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "–": "-"})


def _with_words(text):
    return " ".join(word for word in text.split() if any(character.isalnum() for character in word))


@dataclass(frozen=True)
class Part:
    """A piece of a query: a word, or the words of a phrase in their order."""

    words: tuple
    is_phrase: bool = False
    is_excluded: bool = False

    def as_search_query(self):
        text = " ".join(self.words)
        return Phrase(text) if self.is_phrase and len(self.words) > 1 else PlainText(text)


@dataclass(frozen=True)
class Query:
    """A query, understood. It is true where it looks for something."""

    text: str
    wanted: tuple = ()
    excluded: tuple = ()

    @classmethod
    def read(cls, typed):
        """
        :param typed: any text.
        """
        text = clean_query(typed)
        parts = list(_parts(_with_dates_in_words(text)))
        excluded = tuple(part for part in parts if part.is_excluded)
        return cls(
            text, tuple(_without_stopwords([part for part in parts if not part.is_excluded])), excluded
        )

    def __bool__(self):
        return bool(self.wanted)

    @property
    def words(self):
        """The words that are looked for, those of phrases included."""
        return [word for part in self.wanted for word in part.words]

    def corrected(self, corrections):
        """
        The query with other words in place of some.

        :param corrections: a dictionary of folded words; a correction may be several words.
        """
        text = self.text
        for word, start, end in reversed(list(words_in(text))):
            if word in corrections:
                text = text[:start] + corrections[word] + text[end:]
        return Query.read(text)

    def as_search_query(self, synonyms=None, any_word=False):
        """
        The query in Wagtail's terms, which every search backend understands.

        :param synonyms: lists of phrases (tuples of words) that mean the same, by each of these phrases.
        :param any_word: whether one of the words is enough, and phrases count as their words.
        """
        if any_word:
            query = _one_or(Or, [PlainText(word) for word in dict.fromkeys(self.words)])
        else:
            query = _one_or(And, list(_with_synonyms(self.wanted, synonyms or {})))
        if self.excluded:
            query = And([query, *(Not(part.as_search_query()) for part in self.excluded)])
        return query


def _parts(text):
    for match in _PARTS.finditer(text):
        is_excluded = match["minus"] is not None
        if match["phrase"] is not None:
            if words := tuple(word for word, *_ in words_in(match["phrase"])):
                yield Part(words, is_phrase=True, is_excluded=is_excluded)
            continue
        for word, *_ in words_in(match["word"]):
            yield Part((word,), is_excluded=is_excluded)


def _without_stopwords(parts):
    """Without words of grammar, unless there are no others."""
    return [part for part in parts if part.is_phrase or not is_stopword(part.words[0])] or parts


def _with_dates_in_words(text):
    """The query with "10/25/2016" or "oct 2016" as the index has dates: "october 25 2016"."""
    if '"' in text:
        return text
    pieces = text.split()
    place = 0
    while place < len(pieces):
        for length in range(min(_LONGEST_DATE, len(pieces) - place), 0, -1):
            if words := _date_words(" ".join(pieces[place : place + length])):
                pieces[place : place + length] = words
                place += len(words) - 1
                break
        place += 1
    return " ".join(pieces)


def _date_words(text):
    try:
        date = parsing.parse(text)
    except values.DateParseError:
        return None
    return words_of_date(date)


def words_of_date(date):
    """A date as words that can be searched, in the active language: ["October", "25", "2016"]."""
    parts = [date.month and str(MONTHS[date.month]), date.day and str(date.day), f"{date.year:04}"]
    return [part for part in parts if part]


def _with_synonyms(parts, synonyms):
    """Wagtail queries for the parts; words in a row that have another name are looked for under both."""
    place = 0
    longest = max(map(len, synonyms), default=0)
    while place < len(parts):
        for length in range(min(longest, len(parts) - place), 0, -1):
            some = parts[place : place + length]
            words = tuple(word for part in some for word in part.words)
            if others := synonyms.get(words):
                own = _one_or(And, [part.as_search_query() for part in some])
                yield Or(
                    [
                        own,
                        *(
                            replace(some[0], words=other, is_phrase=True).as_search_query()
                            for other in others
                        ),
                    ]
                )
                place += length
                break
        else:
            yield parts[place].as_search_query()
            place += 1


def _one_or(connect, queries):
    return queries[0] if len(queries) == 1 else connect(queries)
