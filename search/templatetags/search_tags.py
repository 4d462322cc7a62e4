"""Template tags that mark the words of a search on pages of other apps."""

from itertools import groupby
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from home.graphics import quotations
from search.text.passages import Highlighter
from search.text.query import Query

register = template.Library()


@register.filter
def with_marks(text: str, query: str) -> str:
    """Return the text of a page as HTML, with what `boxes_of` marks on its image marked."""
    if is_quotation(query) and (places := set(quotations.places_of(text, query))):
        # A mark must not go beyond its paragraph.
        runs = groupby(enumerate(text), lambda pair: pair[0] in places and pair[1] not in "\r\n")
        pieces = ((is_quoted, "".join(letter for _index, letter in run)) for is_quoted, run in runs)
        html = ((marked(piece) if is_quoted else piece,) for is_quoted, piece in pieces)
        return format_html_join("", "{}", html)
    return highlighter(query).marked(text)


@register.filter
def boxes_of(words: list[Any], query: str) -> list[list[int]]:
    """
    Return the boxes of those words of a page of a file that a query asks for; if it is a quotation that is on
    the page, of that alone. See `FilePage.words`.
    """
    if is_quotation(query) and (quoted := quotations.boxes_of(words, query)):
        return quoted
    found = highlighter(query)
    return [box for word, *boxes in words if found.places(word) for box in boxes]


def is_quotation(query: str) -> bool:
    return query[:1] == query[-1:] == '"' and " " in query


def marked(text: str) -> str:
    return format_html("<mark>{}</mark>", text)


def highlighter(query: str) -> Highlighter:
    return Highlighter.of(Query.parse(query).words, get_language())
