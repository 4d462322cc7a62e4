"""The parts of a slide of TimelineJS, as files from anywhere may have them."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.text import Truncator

from home.dates.values import PreciseDate
from home.text import visible

# A slide as plain data: https://timeline.knightlab.com/docs/json-format.html
Slide = dict[str, Any]

# The key of this site's own data in a slide or a file.
KEY = "lead_watch"
LONGEST_TITLE = 255
DATE_PARTS = ("year", "month", "day")
IMAGES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
FRAME = re.compile(r"""<iframe\b[^>]*\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
# Only the beginning of an embed code is searched, since the pattern takes quadratic time.
LONGEST_FRAME = 5_000


class NotAnEvent(ValueError):
    """A slide that cannot become an event. `str()` is a message for the editor."""


def part_of(slide: Slide, name: str) -> dict[str, Any]:
    """Return a part of a slide that should be a dictionary; an empty one if it is anything else."""
    value = slide.get(name)
    return value if isinstance(value, dict) else {}


def title_and_words(slide: Slide, date: PreciseDate) -> tuple[str, str]:
    """Return a title for a slide's event, and the text of the slide without markup."""
    text, media = part_of(slide, "text"), part_of(slide, "media")
    words = plain(text.get("text"))
    choices = [plain(text.get("headline")), plain(media.get("caption")), words]
    title = next((choice for choice in choices if visible(choice).strip()), str(date))
    return Truncator(title).chars(LONGEST_TITLE), words


def plain(html: Any) -> str:
    """Return the text of a piece of HTML, in one line."""
    return " ".join(unescape(nh3.clean(str(html or ""), tags=set())).split())


def identity_of(value: Any) -> str:
    """Return an id from a file as text; empty if there is none. JSON and spreadsheets may have 1 as 1.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if value and isinstance(value, str | int | float) else ""


def address_of(media: dict[str, Any]) -> str:
    """Return the address of a slide's media, which may be in the HTML of a frame."""
    url = str(media.get("url") or "").strip()
    if found := FRAME.search(url[:LONGEST_FRAME]):
        url = unescape(found[1])
    return f"https:{url}" if url.startswith("//") else url


def image_address_of(slide: Slide) -> str:
    """Return the address of the image that a slide shows; empty if it shows none."""
    url = address_of(part_of(slide, "media"))
    return url if is_image(url) else ""


def is_image(url: str) -> bool:
    return urlsplit(url).path.lower().endswith(IMAGES)
