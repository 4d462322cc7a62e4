"""Correct words that are nowhere on the site."""

from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from search.models import KnownWord
from search.text.words import stem


def corrections(words: Iterable[str], language: str) -> dict[str, str]:
    """
    Return the most similar known word for each unknown one, if any is similar enough.

    :param words: normalized words.
    :returns: corrections by word. A correction may be two words that were written as one.
    """
    words = [word for word in dict.fromkeys(words) if word.isalpha() and len(word) >= KnownWord.MIN_LENGTH]
    if not words:
        return {}
    known = dict.fromkeys(
        KnownWord.objects.filter(language=language).order_by("word").values_list("word", flat=True)
    )
    # The stem of a word begins with the same letter. To find all stems would take long on a large site.
    initials = {word[0] for word in words}
    roots = {stem(word, language) for word in known if word[0] in initials}
    found = {}
    for word in words:
        if stem(word, language) in roots:
            continue
        if correction := _most_similar(word, known) or _two_words(word, known):
            found[word] = correction
    return found


def _most_similar(word: str, known: Collection[str]) -> str | None:
    similar = process.extract(
        word, list(known), scorer=OSA.distance, score_cutoff=_max_errors(word), limit=10
    )
    if not similar:
        return None
    # People rarely mistype the beginning of a word.
    return min(similar, key=lambda match: (match[1], -JaroWinkler.similarity(word, match[0]), match[0]))[0]


def _max_errors(word: str) -> int:
    return 1 if len(word) < 6 else 2


def _two_words(word: str, known: Collection[str]) -> str | None:
    """Return two known words if the word consists of them."""
    for position in range(KnownWord.MIN_LENGTH, len(word) - KnownWord.MIN_LENGTH + 1):
        if word[:position] in known and word[position:] in known:
            return f"{word[:position]} {word[position:]}"
    return None
