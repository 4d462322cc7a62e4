"""Estimate how wide a text is on the axis, and shorten it to fit."""

from unicodedata import east_asian_width

# Pixels per character at a font size of 13 px: a small letter, a capital, and a Chinese character.
SMALL, CAPITAL, WIDE = 8, 10, 14
ELLIPSIS_WIDTH = 12
# A label that would be shortened to fewer characters is left out.
MIN_CHARACTERS = 6


def text_width(text):
    """Estimate the width of a text in pixels. It is rarely wider."""
    return sum(map(_character_width, text))


def shorten(text, width):
    """Return as much of the text as fits into this many pixels, or "" if that is only a few characters."""
    if text_width(text) <= width:
        return text
    width -= ELLIPSIS_WIDTH
    length = 0
    for character in text:
        width -= _character_width(character)
        if width < 0:
            break
        length += 1
    return f"{text[:length].rstrip()}…" if length >= MIN_CHARACTERS else ""


def _character_width(character):
    if east_asian_width(character) in "WF":
        return WIDE
    return CAPITAL if character.isupper() else SMALL
