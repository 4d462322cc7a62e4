"""Wagtail's search in the database, with every query made harmless first, wherever it comes from."""

import unicodedata

from modelsearch.backends import database

# Characters of a query that are looked at; a longer one is cut.
LONGEST_QUERY = 200


def clean_query(text):
    """
    What a person typed, without what a database cannot take: control characters, half characters, quotation
    marks without a partner, and more than `LONGEST_QUERY` characters.
    """
    text = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text[:LONGEST_QUERY]
    )
    if text.count('"') % 2:
        text = text.replace('"', " ")
    words = " ".join(text.split())
    return words if any(character.isalnum() for character in words) else ""


class CleaningMixin:
    def _search(self, query_compiler_class, query, model_or_queryset, **kwargs):
        if isinstance(query, str):
            query = clean_query(query)
        return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)


def SearchBackend(params):
    """Wagtail's backend for the database in use, with `clean_query` before it."""
    stock = type(database.SearchBackend(params))
    return type(f"Cleaning{stock.__name__}", (CleaningMixin, stock), {})(params)
