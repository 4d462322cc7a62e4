"""What somebody may have meant by a word that is nowhere on the site."""

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from search.index.entries import SHORTEST_KNOWN_WORD
from search.models import KnownWord
from search.text.words import stem


def corrections(words, language):
    """
    For each word that is unknown, the known one that is most like it, if any is like enough.

    :param words: folded words.
    :returns: a dictionary; what a word is to be replaced by may be two words written without a space.
    """
    words = [word for word in dict.fromkeys(words) if word.isalpha() and len(word) >= SHORTEST_KNOWN_WORD]
    if not words:
        return {}
    known = dict.fromkeys(
        KnownWord.objects.filter(language=language).order_by("word").values_list("word", flat=True)
    )
    roots = {stem(word, language) for word in known}
    found = {}
    for word in words:
        if stem(word, language) in roots:
            continue
        if correction := _nearest(word, known) or _apart(word, known):
            found[word] = correction
    return found


def _nearest(word, known):
    near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=_most_errors(word), limit=10)
    if not near:
        return None
    # Of those with as few errors, the one that begins alike: that is where people err least.
    return min(near, key=lambda match: (match[1], -JaroWinkler.similarity(word, match[0]), match[0]))[0]


def _most_errors(word):
    return 1 if len(word) < 6 else 2


def _apart(word, known):
    """Two known words, where the word is both of them written together."""
    for place in range(SHORTEST_KNOWN_WORD, len(word) - SHORTEST_KNOWN_WORD + 1):
        if word[:place] in known and word[place:] in known:
            return f"{word[:place]} {word[place:]}"
    return None
