"""What visitors read of a page, as plain data, by which two versions of it can be compared."""

import json
import re
from functools import cache
from hashlib import sha256
from html import unescape

from django.utils.html import strip_tags
from wagtail.admin.panels import ObjectList
from wagtail.blocks import StreamValue

__all__ = ["claims_of", "digest"]

# Markup that parts words, unlike that of a bold letter.
NEW_LINE = re.compile(r"</?(?:p|li|ul|ol|br|hr|h\d)\b[^>]*>")


def claims_of(page):
    """
    What the page says, by the names of its fields: those of its `content_panels` without its `not_claims`.

    Markup, the addresses of links in texts, spaces, and the order of rows such as sources say nothing.
    """
    return _claims(page, _content(type(page)))


def digest(*claims):
    """A short mark that differs whenever the claims do."""
    return sha256(json.dumps(claims, sort_keys=True).encode()).hexdigest()


@cache
def _content(model):
    return ObjectList(model.content_panels).bind_to_model(model).get_form_options()


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
        # Through the block, since what is stored may lack a part that has been added to it.
        return [[child.block_type, child.block.get_prep_value(child.value)] for child in value]
    if field.many_to_many:
        return sorted(other.pk for other in value)
    return value


def _plain(value):
    """The words of a value, without its markup and the identities of its parts."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None:
        return ""
    return " ".join(unescape(strip_tags(NEW_LINE.sub(" ", str(value)))).split())
