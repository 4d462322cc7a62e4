"""The claims of a page as plain data, for comparing two versions of it."""

import json
import re
from functools import cache
from hashlib import sha256
from html import unescape

from django.utils.html import strip_tags
from wagtail.admin.panels import ObjectList
from wagtail.blocks import StreamValue

# Markup that separates words, unlike that of a bold letter.
NEW_LINE = re.compile(r"</?(?:p|li|ul|ol|br|hr|h\d)\b[^>]*>")


def claims_of(page):
    """
    Return what a page or snippet says, by the names of the fields in its form, except its `not_claims`.

    Of the form of a page, only the `content_panels` count.

    Markup, URLs of links in texts, spaces, and the order of rows such as sources don't count.
    """
    return _claims(page, _content(type(page)))


def digest(*claims):
    return sha256(json.dumps(claims, sort_keys=True).encode()).hexdigest()


@cache
def _content(model):
    panels = getattr(model, "content_panels", None) or model.panels
    return ObjectList(panels).bind_to_model(model).get_form_options()


def _claims(thing, options):
    left_out = getattr(thing, "not_claims", ())
    fields = [name for name in options.get("fields", ()) if name not in left_out]
    claims = {name: _plain(_value(thing, thing._meta.get_field(name))) for name in fields}
    for name, inner in (options.get("formsets") or {}).items():
        if name not in left_out:
            rows = [_claims(row, inner) for row in getattr(thing, name).all()]
            claims[name] = sorted(rows, key=digest)
    return claims


def _value(thing, field):
    value = field.value_from_object(thing)
    if isinstance(value, StreamValue):
        # Normalize stored values, which may lack a child block that was added later.
        return [[child.block_type, child.block.get_prep_value(child.value)] for child in value]
    if field.many_to_many:
        return sorted(other.pk for other in value)
    return value


def _plain(value):
    """Return a value as text without markup, and without the IDs of blocks."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None:
        return ""
    return " ".join(unescape(strip_tags(NEW_LINE.sub(" ", str(value)))).split())
