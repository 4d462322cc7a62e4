"""Links to other sites: which ones a page or a figure shows, and where on it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField

__all__ = ["Outlink", "outlinks_of"]

# Archives are what we turn to when a site is gone; the site itself never asks them.
ARCHIVES = {"web.archive.org"}
# The names by which structs call what a link stands on, in the order of preference.
NAMES = ("source_title", "title", "text")


@dataclass(frozen=True)
class Outlink:
    """
    A link to another site.

    :param path: where it stands, as the editor's form names the place.
    :param words: what the page says there.
    :param archived_url: the saved copy that is shown beside it.
    """

    url: str
    path: str
    words: str = ""
    archived_url: str = ""


def outlinks_of(thing):
    """The links to other sites in the fields of a thing, those of its blocks and inlines included."""
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
            if _leads_outward(url):
                yield Outlink(url, path, str(thing), getattr(thing, "archived_url", ""))
        elif isinstance(field, StreamField):
            yield from _in_value(list(getattr(thing, field.name).raw_data), path)


def _in_value(value, path, name="", words=""):
    """Links in a value of blocks as it is stored, which may be anything."""
    if isinstance(value, list):
        for item in value:
            yield from _in_value(item, path)
    elif isinstance(value, dict) and "type" in value and "value" in value:
        yield from _in_value(value["value"], f"{path}.{value.get('id')}")
    elif isinstance(value, dict):
        words = next((value[name] for name in NAMES if isinstance(value.get(name), str)), "")
        for name, item in value.items():
            yield from _in_value(item, f"{path}.{name}", name, words)
    elif isinstance(value, str) and name.endswith("url"):
        if _leads_outward(value):
            yield Outlink(value, path, words)
    elif isinstance(value, str) and "<a " in value:
        for link in BeautifulSoup(value, "html.parser").find_all("a", href=True):
            if _leads_outward(link["href"]):
                yield Outlink(link["href"], path, link.get_text())


def _leads_outward(url):
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.hostname not in ARCHIVES
