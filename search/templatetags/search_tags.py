"""Template tags that mark the words of a search on pages of other apps."""

from typing import Any

from django import template
from django.utils.translation import get_language

from search.text.passages import Highlighter
from search.text.query import Query

register = template.Library()


@register.filter
def with_marks(text: str, query: str) -> str:
    """Return a text as HTML, with the words of a query marked."""
    return highlighter(query).marked(text)


@register.filter
def boxes_of(words: list[Any], query: str) -> list[list[int]]:
    """Return the boxes of those words of a page of a file that a query asks for. See `FilePage.words`."""
    found = highlighter(query)
    return [box for word, *boxes in words if found.places(word) for box in boxes]


def highlighter(query: str) -> Highlighter:
    return Highlighter.of(Query.parse(query).words, get_language())
