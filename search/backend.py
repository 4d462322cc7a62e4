"""Wagtail's search in the database, with every query made harmless first, wherever it comes from."""

import re
import unicodedata

from modelsearch.backends import database
from modelsearch.query import MATCH_ALL, Not

# Characters of a query that are looked at; a longer one is cut.
LONGEST_QUERY = 200


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
    text = _words(text)
    return text if text.count('"') % 2 == 0 else _words(text.replace('"', " "))


def _words(text):
    return " ".join(word for word in text.split() if any(character.isalnum() for character in word))


def _as_terms(query):
    """
    The clean query with each quoted phrase as one term. Wagtail takes a query apart at its spaces, while
    SQLite and PostgreSQL read what is left together by a sign that is no letter as words in a row.
    """
    joined = re.sub(r'"([^"]*)"', lambda phrase: f" {'_'.join(phrase[1].split())} ", query)
    return _words(joined)


class CleaningMixin:
    def _search(self, query_compiler_class, query, model_or_queryset, **kwargs):
        if isinstance(query, str):
            # Of nothing Wagtail makes results without a model, on which its lists of snippets fail.
            query = _as_terms(clean_query(query)) or Not(MATCH_ALL)
        return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)


def SearchBackend(params):
    """Wagtail's backend for the database in use, with `clean_query` before it."""
    stock = type(database.SearchBackend(params))
    return type(f"Cleaning{stock.__name__}", (CleaningMixin, stock), {})(params)
