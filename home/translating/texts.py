"""The texts of a page or snippet that are translated, and what a machine may put in their place."""

import re
from dataclasses import dataclass

import nh3
from bs4 import BeautifulSoup
from django.db import models
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField

from home.blocks.addresses import LinkBlock
from home.external_links.cleaning import clean_links
from home.translating.originals import words_of

TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
# Attributes of links to other sites, pages and files.
ATTRIBUTES = {"a": {"href", "id", "linktype"}}
# The number of a source, which follows the claim that it stands for.
CITATION = re.compile(r"\[\d+\]")
# Titles of sources stay as a reader finds them.
KEPT = ("source_title",)


@dataclass(frozen=True)
class Text:
    words: str
    is_html: bool = False


def texts_of(thing):
    """Return the Texts of a page or snippet, in the order of its form, without repetitions."""
    found = {}

    def collect(text, longest):
        found[text] = True
        return text.words

    change(thing, collect)
    return list(found)


def replace(thing, translated):
    """
    Put translations in place of the texts that are keys of a dictionary.

    A text that somebody has changed since is none of them. Words stay as they are if the translation is too
    long, or has other links or citations.
    """

    def put(text, longest):
        words = translated.get(text)
        if words is None:
            return text.words
        words = (
            clean_links(nh3.clean(words, tags=TAGS, attributes=ATTRIBUTES, link_rel=None))
            if text.is_html
            else words
        )
        fits = longest is None or len(words) <= longest
        return words if fits and marks_in(words) == marks_in(text.words) else text.words

    change(thing, put)


def marks_in(words):
    """Return the links and the citations of a text."""
    links = [tuple(sorted(link.attrs.items())) for link in BeautifulSoup(words, "html.parser").find_all("a")]
    return sorted(links), sorted(CITATION.findall(words))


def change(thing, function):
    """Replace each text of a page or snippet by what a function makes of the Text and its longest length."""
    fields = {field.name: field for field in thing._meta.get_fields()}
    for name in words_of(thing):
        if name == "shared_words":
            change_shared(thing, function)
        field = fields.get(name)
        if field is None:
            # Terms have no corrections.
            continue
        if field.one_to_many:
            for row in getattr(thing, name).all():
                for each in row._meta.fields:
                    change_field(row, each, function)
        else:
            change_field(thing, field, function)


def change_shared(thing, function):
    """Translate words in the shared fields: a translation has words of its own for them."""
    for words in getattr(thing, "shared_words", []):
        text = of_text(Text(words), thing.longest_shared_words, function)
        if text != words:
            thing.translate_shared(words, text)


def change_field(thing, field, function):
    value = getattr(thing, field.attname, None)
    if isinstance(field, StreamField):
        stream = field.stream_block
        setattr(thing, field.name, stream.to_python(changed(stream, stream.get_prep_value(value), function)))
    elif type(field) in (models.CharField, models.TextField) and field.editable and not field.choices:
        setattr(thing, field.name, of_text(Text(value or ""), field.max_length, function))


def of_text(text, longest, function):
    """Return a new text. Numbers and the like have nothing to translate."""
    has_words = any(letter.isalpha() for letter in strip_tags(text.words))
    return function(text, longest) if has_words else text.words


def changed(block, value, function):
    """Return the stored value of a block with other texts."""
    if not value:
        return value
    match block:
        case blocks.StreamBlock():
            return [
                item | {"value": changed(block.child_blocks[item["type"]], item["value"], function)}
                for item in value
            ]
        case TypedTableBlock():
            return changed_table(block, value, function)
        case blocks.StructBlock():
            inner = {name: child for name, child in block.child_blocks.items() if name not in KEPT}
            return value | {
                name: changed(child, value[name], function) for name, child in inner.items() if name in value
            }
        case blocks.RichTextBlock():
            return of_text(Text(value, is_html=True), None, function)
        case LinkBlock():
            return value
        case blocks.CharBlock() | blocks.TextBlock():
            return of_text(Text(value), block.field.max_length, function)
    return value


def changed_table(block, value, function):
    columns = [
        column | {"heading": of_text(Text(column["heading"]), None, function)} for column in value["columns"]
    ]
    kinds = [block.child_blocks[column["type"]] for column in columns]
    rows = [
        row
        | {"values": [changed(kind, cell, function) for kind, cell in zip(kinds, row["values"], strict=True)]}
        for row in value["rows"]
    ]
    caption = of_text(Text(value.get("caption") or ""), None, function)
    return value | {"columns": columns, "rows": rows, "caption": caption}
