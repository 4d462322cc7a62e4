"""Rich text on its way into and out of an exchange file: cleaned, compared, and its links replaced."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import nh3

from home.external_links.cleaning import keep_attribute

# Both patterns stay linear on text that opens many tags and closes none.
TAG = re.compile(r"<a\b[^<>]*>")
LINK_TYPE = re.compile(r'\slinktype="(page|document)"')
REFERENCE = re.compile(r'\s(id|ref)="([^"]*)"')
TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href", "id", "linktype"}}


def safe_html(html: str) -> str:
    """Return rich text with only the markup that an editor can write."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def same_value(one: Any, other: Any) -> bool:
    """Compare plain data, ignoring the ids and keys that Wagtail's editor adds."""
    return without_marks(one) == without_marks(other)


def without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_marks(child) for name, child in value.items() if name != "id"}
    if isinstance(value, list):
        return [without_marks(child) for child in value]
    if isinstance(value, str) and "<" in value:
        return nh3.clean(value, tags=TAGS, attributes={"a": {"href", "ref", "linktype"}}, link_rel=None)
    return value


def internal_links(html: str) -> Iterator[tuple[str, int]]:
    """Yield the kind ("page" or "document") and the id of each internal link in stored rich text."""
    for tag in TAG.findall(html):
        kind, reference = LINK_TYPE.search(tag), REFERENCE.search(tag)
        if kind and reference and reference[1] == "id" and reference[2].isdecimal():
            yield kind[1], int(reference[2])


def replace_links(html: str, opening_tag: Callable[[str, str, str], str]) -> str:
    """
    Replace the opening tag of each link to a page or document.

    :param opening_tag: a function of the kind of the target, the name of the attribute that identifies it
        ("id", "ref" or empty), and its value. Returns the new tag.
    """

    def replace(match: re.Match[str]) -> str:
        kind, reference = LINK_TYPE.search(match[0]), REFERENCE.search(match[0])
        if not kind:
            return match[0]
        return opening_tag(kind[1], *(reference.groups() if reference else ("", "")))

    return TAG.sub(replace, html)
