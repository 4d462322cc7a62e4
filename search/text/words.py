"""
Words as the index and a query see them: without capitals, accents and endings.

So "Policies" finds "policy".
Done here and not in a database, so that SQLite and PostgreSQL find the same,
whatever they were built with.
"""

import re
import unicodedata
from functools import lru_cache
from threading import local

import snowballstemmer
from django.conf import settings
from django.utils.translation import get_language

# Of a longer word, which no person writes, the beginning is kept.
LONGEST_WORD = 60

# A number with its separators ("75,000") is one word; so is what apostrophes hold together ("City's").
_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|[^\W_]+(?:['’][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’]s$|['’,]")

STEMMERS = {"en": "english", "es": "spanish"}

# Words of questions and of grammar, which say nothing about what is looked for.
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


def words_in(text):
    """
    The words of a text in their order, without capitals and accents.

    :returns: an iterator of (word, start, end); the positions are those in the text.
    """
    for match in _WORD.finditer(text):
        if word := fold(match[0]):
            yield word, match.start(), match.end()


@lru_cache(maxsize=50_000)
def fold(word):
    """One word without capitals, accents, apostrophes and separators."""
    # Twice, since there are capitals among the letters that are made of others.
    for _time in range(2):
        word = unicodedata.normalize("NFKD", word.casefold())
    word = _APOSTROPHES.sub("", word)
    return "".join(character for character in word if character.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=200_000)
def stem(word, language):
    """
    What a folded word has in common with its other forms, by the rules of Snowball (snowballstem.org).

    :param language: a language code; in a language without rules the word stays as it is.
    """
    if language == "es":
        # The rules know "reunión"; "reunion", as it is left without its accent, would miss "reuniones".
        word = re.sub(r"([cs])ion$", r"\1ión", word)
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(word)) if stemmer else word


def stems(text, language):
    """The stems of a text, in order."""
    text = unicodedata.normalize("NFC", text)
    return [stem(word, language) for word, _start, _end in words_in(text)]


def is_stopword(word):
    """Whether a folded word is one of grammar in the active language."""
    return word in STOPWORDS.get(get_language(), ())


def languages():
    """The codes of the languages in which content is written."""
    return [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]


def _stemmer(language):
    """The stemmer of a language for this thread, since it keeps the word that it works on in itself."""
    if language not in STEMMERS:
        return None
    if not hasattr(_of_thread, language):
        setattr(_of_thread, language, snowballstemmer.stemmer(STEMMERS[language]))
    return getattr(_of_thread, language)


_of_thread = local()
