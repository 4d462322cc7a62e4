"""Order the best matches by what visitors see of them, in the same way on every database."""

from collections.abc import Collection, Mapping
from itertools import pairwise

from search.index.matches import Scored
from search.index.texts import date_words
from search.models import Entry
from search.text.query import Query
from search.text.words import stems

# Number of the best matches that are ordered here. The others keep the order of the database.
WINDOW = 40


def in_order(matches: list[Scored], entries: Mapping[int, Entry], query: Query, language: str) -> list[int]:
    """
    Return the ids of the entries that match, best first.

    :param matches: ids of entries and the scores of the database, best first.
    :param entries: the entries with their texts, by id.
    """
    wanted = [root for word in query.words for root in stems(word, language)]
    if not matches or not wanted:
        return [pk for pk, _score in matches]
    best, worst = matches[0][1], matches[-1][1]
    spread = (worst - best) or 1

    def goodness(match: Scored) -> float:
        pk, score = match
        return relevance(wanted, entries[pk], language) + 1.5 * (worst - score) / spread

    return [pk for pk, _score in sorted(matches, key=goodness, reverse=True)]


def relevance(wanted: list[str], entry: Entry, language: str) -> float:
    """
    Return how well a query matches the title, the names, the summary and the dates of an entry; at least 0.

    :param wanted: the stems of the query, in order.
    """
    in_title, in_summary = stems(entry.text.title, language), stems(entry.text.summary, language)
    in_date = stems(date_words(entry.date, entry.end_date), language)
    names = [stems(name, language) for name in entry.text.names.splitlines()]
    in_names = {*in_title, *(root for name in names for root in name)}
    return (
        4 * (wanted == in_title or wanted in names)
        + 2 * _share(wanted, in_names)
        + _share(wanted, in_names | {*in_summary, *in_date})
        + 2 * _share(wanted, in_date)
        # A title with few other words is about the words of the query.
        + _share(in_title, wanted)
        + max(_share_of_pairs(wanted, in_title), 0.5 * _share_of_pairs(wanted, in_summary))
    )


def _share(words: Collection[str], others: Collection[str]) -> float:
    """Return the share of different words that are among the others."""
    words = set(words)
    return len(words & {*others}) / len(words) if words else 0


def _share_of_pairs(wanted: list[str], words: list[str]) -> float:
    """Return the share of consecutive words in the query that are consecutive in the text."""
    pairs = {*pairwise(wanted)}
    return len(pairs & {*pairwise(words)}) / len(pairs) if pairs else 0
