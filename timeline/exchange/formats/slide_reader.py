"""Read slides of TimelineJS that come from other sites, without this site's own data in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from home.dates.parsing import parse
from home.dates.parts import from_parts
from home.dates.values import DateParseError, PreciseDate, for_people, sort_key
from home.external_links.completing import complete_www
from home.external_links.validation import is_link
from home.text import visible
from timeline.exchange.references.html import safe_html

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


# Characters of a text that is cut to make a summary, and of one that is short enough to be the summary.
SUMMARY = 300
LONGEST_SUMMARY = 500
# The category of a slide without a group.
OTHER = "other"
EMPTY = (None, "")
TIMES = ("hour", "minute", "second", "millisecond")
KNOWN_PARTS = {"start_date", "end_date", "display_date", "text", "media", "group", "unique_id", KEY}


@dataclass
class Reading:
    """The content of a slide: fields of an event as plain data, and notes for the editor."""

    data: dict[str, Any]
    notes: list[str]


def read_slide(slide: Slide, has_image: Callable[[str], bool] = lambda url: False) -> Reading:
    """Read a slide from another site. `has_image` tells whether the library has, or will have, an image."""
    if not isinstance(slide, dict):
        raise NotAnEvent(_("It is not a slide."))
    date, end, notes = read_dates(slide)
    title, words = title_and_words(slide, date)
    html, group = paragraphs(part_of(slide, "text").get("text")), plain(slide.get("group"))[:100]
    summary = Truncator(words).chars(SUMMARY) if words else title
    if is_plain(html) and len(words) <= LONGEST_SUMMARY:
        summary, html = words or title, ""
    data = {
        "title": title,
        "date": str(date),
        "end_date": str(end or ""),
        "category": {"name": group} if group else {"slug": OTHER, "name": _("Other")},
        "summary": Truncator(summary).chars(LONGEST_SUMMARY),
        "lead_image": None,
        "body": [{"type": "text", "value": html}] if html else [],
        "imported": slide,
    }
    if not visible(plain(part_of(slide, "text").get("headline"))).strip():
        notes.append(_("It has no headline, and is called “%(title)s”.") % {"title": title})
    reading = Reading(data, notes)
    read_media(part_of(slide, "media"), reading, has_image)
    note_other_parts(slide, notes)
    return reading


def read_dates(slide: Slide) -> tuple[PreciseDate, PreciseDate | None, list[str]]:
    """Return start, end and notes for the editor. Raise NotAnEvent if a date cannot be read."""
    start, end = slide.get("start_date"), slide.get("end_date")
    if not start:
        raise NotAnEvent(_("It has no date."))
    notes: list[str] = []
    date, last = read_date(start, notes), read_end(end, notes)
    if last and last.last_day < date.first_day:
        raise NotAnEvent(_("It ends before it begins."))
    shown = str(slide.get("display_date") or part_of(slide, "start_date").get("display_date") or "")
    if shown:
        try:
            meant = parse(shown)
        except DateParseError:
            meant = None
        if meant and meant.approximate and sort_key(meant) == sort_key(date):
            date = meant
        elif shown not in {for_people(date, last), str(date)}:
            notes.append(_("The words “%(words)s” for its date are kept for exports.") % {"words": shown})
    return date, last, notes


def read_date(parts: Any, notes: list[str]) -> PreciseDate:
    if not isinstance(parts, dict):
        raise NotAnEvent(_("Its date cannot be read."))
    given = [parts.get(name) for name in DATE_PARTS]
    if given[0] in EMPTY and not any(given):
        raise NotAnEvent(_("It has no date."))
    if any(parts.get(name) not in (None, "", 0) for name in TIMES):
        notes.append(_("Its time of day is kept for exports."))
    try:
        date = from_parts(*given)
    except DateParseError as error:
        raise NotAnEvent(str(error)) from error
    if date.year < 100:
        notes.append(_("Its year is read as the year %(year)s.") % {"year": date.year})
    return date


def read_end(end: Any, notes: list[str]) -> PreciseDate | None:
    """Read the end. Some files have one with empty parts, which means that there is none."""
    if not end or (isinstance(end, dict) and all(end.get(name) in EMPTY for name in DATE_PARTS)):
        return None
    try:
        return read_date(end, notes)
    except NotAnEvent as error:
        raise NotAnEvent(_("Its end date cannot be read. %(why)s") % {"why": error}) from error


def read_media(media: dict[str, Any], reading: Reading, has_image: Callable[[str], bool]) -> None:
    """Make the media of a slide the event's image, or else a link at the end of its body."""
    url = complete_www(address_of(media))
    if not is_link(url):
        if url:
            reading.notes.append(_("Its media has no valid address, and is kept for exports."))
        return
    caption, credit = plain(media.get("caption")), plain(media.get("credit"))
    if is_image(url) and has_image(url):
        title = caption or reading.data["title"]
        reading.data["lead_image"] = {
            "url": url,
            "title": title[:LONGEST_TITLE],
            "alt": (plain(media.get("alt")) or title)[:LONGEST_TITLE],
            "decorative": False,
            "credit": credit[:LONGEST_TITLE],
        }
        return
    words = ", ".join(filter(None, [caption or url, credit]))
    link = format_html('<p><a href="{}">{}</a></p>', url, words)
    reading.data["body"] = [*reading.data["body"], {"type": "text", "value": safe_html(str(link))}]
    reading.notes.append(_("Its media becomes a link: %(url)s") % {"url": url})


def note_other_parts(slide: Slide, notes: list[str]) -> None:
    unreadable = {name for name in ("text", "media") if not isinstance(slide.get(name) or {}, dict)}
    if others := sorted(set(slide) - KNOWN_PARTS | unreadable):
        notes.append(_("Kept for exports: %(names)s") % {"names": ", ".join(others)})


def read_era(era: Any) -> tuple[str, PreciseDate, PreciseDate]:
    """Return headline, start and end of an era. Raise NotAnEvent if it cannot be one."""
    if not isinstance(era, dict):
        raise NotAnEvent(_("It is not an era."))
    own = part_of(era, KEY)
    # Without an end, the start need not be valid.
    start, end, _notes = read_dates(era) if era.get("end_date") else (None, None, [])
    if start is None or end is None:
        raise NotAnEvent(_("It has no end."))
    try:
        start, end = (
            PreciseDate.from_edtf(own[name]) if name in own else date
            for name, date in (("start", start), ("end", end))
        )
    except DateParseError as error:
        raise NotAnEvent(_("Its date cannot be read.")) from error
    return plain(part_of(era, "text").get("headline"))[:100] or for_people(start, end), start, end


def paragraphs(html: Any) -> str:
    clean = safe_html(str(html or "")).strip()
    if not clean or re.match(r"<(?:p|ul|ol)\b", clean):
        return clean
    parts = [part.strip() for part in re.split(r"\n\s*\n|(?:<br>\s*){2,}", clean)]
    return "".join(f"<p>{part}</p>" for part in parts if part)


def is_plain(html: str) -> bool:
    """Return whether rich text is one paragraph without markup."""
    return html.count("<") <= 2 and "<a" not in html and not re.search(r"<(?!/?p>)", html)
