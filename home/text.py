"""Text that every format can hold: XML, JSON, spreadsheets, databases, mail."""

import re
from hashlib import md5
from math import isfinite

from django.db import models

# Line breaks that some formats cannot hold. Word uses "\x0b" within a paragraph.
BREAKS = "\x0b\x0c\x85"
# Control characters, surrogates and noncharacters. Joiners and directional marks, which names in many scripts
# need, are not among them.
NO_CHARACTERS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Directional marks, joiners and byte order marks. They mean nothing in dates and headings.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
UNCLEAN = re.compile(f"[{BREAKS}{NO_CHARACTERS}]")
BREAK = re.compile(f"\r?[{BREAKS}]")
LINE_BREAKS = re.compile(f" ?[\r\n\u2028\u2029{BREAKS}]+ ?")


def is_clean(text):
    # Nearly all texts consist of printable characters, which are clean. The pattern takes much longer.
    return text.isprintable() or UNCLEAN.search("".join(set(text))) is None


def visible(text):
    """Return the text without invisible characters, for comparing it or parsing a date."""
    return INVISIBLE.sub("", text)


def clean_text(text):
    """Return the text without characters that some format cannot hold, and with normal line breaks."""
    return text if is_clean(text) else UNCLEAN.sub("", BREAK.sub("\n", text))


def clean_line(text):
    """Return the text in one line, without characters that some format cannot hold."""
    return LINE_BREAKS.sub(" ", clean_text(text))


def clean_data(value):
    """Return plain data, such as from JSON, with all texts cleaned."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_data(key): clean_data(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        parts = map(clean_data, value)
        return list(parts) if isinstance(value, list) else tuple(parts)
    # Python reads and writes NaN and Infinity, but they are not valid JSON.
    return None if isinstance(value, float) and not isfinite(value) else value


def clean_instance(instance):
    """Clean the texts of a model's fields before they are validated or saved."""
    for field in instance._meta.concrete_fields:
        value = instance.__dict__.get(field.attname)
        if isinstance(field, models.JSONField):
            instance.__dict__[field.attname] = clean_data(value)
        elif isinstance(value, str) and isinstance(field, models.CharField):
            instance.__dict__[field.attname] = clean_line(value)
        elif isinstance(value, str) and isinstance(field, models.TextField):
            instance.__dict__[field.attname] = clean_text(value)


def fingerprint(content):
    """Return a short digest of a text or of bytes, to tell whether they are the same. Not for security."""
    content = content.encode() if isinstance(content, str) else content
    return md5(content, usedforsecurity=False).hexdigest()
