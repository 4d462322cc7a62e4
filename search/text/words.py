"""
Normalize words: without capitals, accents and endings, so that "Policies" finds "policy".

This is done here and not by the database, so that all builds of SQLite and PostgreSQL find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import local
from typing import Any

import snowballstemmer
from django.conf import settings
from django.utils.translation import get_language

# Longer words are cut.
MAX_WORD_LENGTH = 60
# Number of words that a process remembers. Random words in searches should not fill its memory.
MAX_REMEMBERED = 10_000

# A number with separators ("75,000") is one word, and so is a word with apostrophes ("City's").
_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|[^\W_]+(?:['’][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’]s$|['’,]")

STEMMERS = {"en": "english", "es": "spanish"}

# Words that say nothing about what somebody searches for.
_ENGLISH = """
    a about all am an and any are as at be because been being but by can could did do does doing for from
    had has have he her him his how i if in into is it its just me my no of on or our out she should so some
    than that the their them then there these they this those to too up us was we were what when where which
    who whom whose why will with would you your
"""
_SPANISH = """
    a al algo como con cual cuando de del donde e el ella ellas ellos en era es esa ese eso esta estan este
    esto fue ha hay la las le les lo los mas me mi muy no nos o para pero por porque que quien quienes se ser
    si sin sobre son su sus tambien te tu un una unas unos y ya yo
"""
STOPWORDS = {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}


def words_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the normalized words of a text in order, each with its start and its end in the text."""
    for match in _WORD.finditer(text):
        if word := normalize(match[0]):
            yield word, match.start(), match.end()


@lru_cache(maxsize=MAX_REMEMBERED)
def normalize(word: str) -> str:
    """Return a word without capitals, accents, apostrophes and separators."""
    # Twice, since decomposition can produce capitals.
    for _time in range(2):
        word = unicodedata.normalize("NFKD", word.casefold())
    word = _APOSTROPHES.sub("", word)
    return "".join(character for character in word if character.isalnum())[:MAX_WORD_LENGTH]


@lru_cache(maxsize=MAX_REMEMBERED)
def stem(word: str, language: str) -> str:
    """
    Return the stem of a normalized word by the rules of Snowball (snowballstem.org).

    :param language: a language code. In a language without rules, the word is its own stem.
    """
    if language == "es":
        # Snowball knows "reunión". Without its accent, "reunion" would not match "reuniones".
        word = re.sub(r"([cs])ion$", r"\1ión", word)
    stemmer = _stemmer(language)
    return normalize(stemmer.stemWord(word)) if stemmer else word


def stems(text: str, language: str) -> list[str]:
    """Return the stems of a text in order."""
    text = unicodedata.normalize("NFC", text)
    return [stem(word, language) for word, _start, _end in words_in(text)]


def is_stopword(word: str) -> bool:
    """Return whether a normalized word is a stopword in the active language."""
    return word in STOPWORDS.get(get_language() or "", ())


def languages() -> list[str]:
    """Return the codes of the languages of the content."""
    return [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


def _stemmer(language: str) -> Any:
    """Return the stemmer of a language for this thread, since stemmers are not thread-safe."""
    if language not in STEMMERS:
        return None
    if not hasattr(_stemmers, language):
        setattr(_stemmers, language, snowballstemmer.stemmer(STEMMERS[language]))
    return getattr(_stemmers, language)


_stemmers = local()
