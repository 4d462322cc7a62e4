"""Find the links to other sites on a page or a figure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField

# Archives are not checked: a link to one is the replacement for a page that is gone.
ARCHIVES = {"web.archive.org"}
# The fields of a struct that may hold a link's text, in order of preference.
TEXT_FIELDS = ("source_title", "title", "text")


@dataclass(frozen=True)
class FoundLink:
    url: str
    path: str  # The field, and the blocks in it by id, joined by dots.
    words: str = ""  # The text of the link.
    archived_url: str = ""  # The archived copy that is shown beside it.


def extract_links(thing):
    """Yield the links to other sites in the fields, blocks and inline children of a page or a figure."""
    yield from _in_fields(thing)
    for relation in get_all_child_relations(thing):
        name = relation.get_accessor_name()
        for child in getattr(thing, name).all():
            yield from _in_fields(child, f"{name}.{child.pk}.")


def _in_fields(thing, prefix=""):
    for field in thing._meta.concrete_fields:
        path = f"{prefix}{field.name}"
        if isinstance(field, models.URLField) and field.name != "archived_url":
            url = getattr(thing, field.name)
            if _is_external(url):
                yield FoundLink(url, path, str(thing), getattr(thing, "archived_url", ""))
        elif isinstance(field, StreamField):
            yield from _in_value(list(getattr(thing, field.name).raw_data), path)


def _in_value(value, path, name="", words=""):
    """Yield the links in the stored value of a block, which may be malformed."""
    if isinstance(value, list):
        for item in value:
            yield from _in_value(item, path)
    elif isinstance(value, dict) and "type" in value and "value" in value:
        yield from _in_value(value["value"], f"{path}.{value.get('id')}")
    elif isinstance(value, dict):
        words = next((value[name] for name in TEXT_FIELDS if isinstance(value.get(name), str)), "")
        for name, item in value.items():
            yield from _in_value(item, f"{path}.{name}", name, words)
    elif isinstance(value, str) and name.endswith("url"):
        if _is_external(value):
            yield FoundLink(value, path, words)
    elif isinstance(value, str) and "<a " in value:
        for link in BeautifulSoup(value, "html.parser").find_all("a", href=True):
            if _is_external(link["href"]):
                yield FoundLink(link["href"], path, link.get_text())


def _is_external(url):
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.hostname not in ARCHIVES
