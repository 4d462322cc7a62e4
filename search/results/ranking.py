"""Which of the best matches comes first: decided by what their readers see, the same on every database."""

from itertools import pairwise

from search.index.entries import date_words
from search.text.words import stems

# How many of the best matches are put in order here; those behind them stay as the database has them.
WINDOW = 40


def in_order(matches, entries, query, language):
    """
    The matches, the best first.

    :param matches: pairs of an entry's number and the database's score, lower is better, the best first.
    :param entries: the entries with their texts, by their numbers.
    :param query: the Query.
    :returns: their numbers.
    """
    wanted = [root for word in query.words for root in stems(word, language)]
    if not matches or not wanted:
        return [number for number, _score in matches]
    best, worst = matches[0][1], matches[-1][1]
    spread = (worst - best) or 1

    def goodness(match):
        number, score = match
        return relevance(wanted, entries[number], language) + 1.5 * (worst - score) / spread

    return [number for number, _score in sorted(matches, key=goodness, reverse=True)]


def relevance(wanted, entry, language):
    """
    How well the words of a query fit what is seen of a thing first.

    :param wanted: the stems of the query, in order.
    :returns: a number from 0 on.
    """
    in_title, in_summary = stems(entry.text.title, language), stems(entry.text.summary, language)
    in_date = stems(date_words(entry.date, entry.end_date), language)
    names = [stems(name, language) for name in entry.text.names.splitlines()]
    called = {*in_title, *(root for name in names for root in name)}
    return (
        4 * (wanted == in_title or wanted in names)
        + 2 * _share(wanted, called)
        + _share(wanted, called | {*in_summary, *in_date})
        + 2 * _share(wanted, in_date)
        # A title that says little else is about it.
        + _share(in_title, wanted)
        + max(_in_a_row(wanted, in_title), 0.5 * _in_a_row(wanted, in_summary))
    )


def _share(words, others):
    """The share of these words, each counted once, that are among the others."""
    words = set(words)
    return len(words & {*others}) / len(words) if words else 0


def _in_a_row(wanted, words):
    """The share of the neighbors in the query that are neighbors here."""
    pairs = {*pairwise(wanted)}
    return len(pairs & {*pairwise(words)}) / len(pairs) if pairs else 0
