"""Reads slides of TimelineJS that come from other sites, without our record in them."""

import re
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from home.dates.parsing import parse
from home.dates.parts import from_parts
from home.dates.values import DateParseError, PreciseDate, for_people, sort_key
from home.external_links.validation import is_link
from home.text import visible
from timeline.exchange.references.html import safe_html

__all__ = [
    "DATE_PARTS",
    "KEY",
    "OTHER",
    "NotAnEvent",
    "Reading",
    "address_of",
    "identity_of",
    "part_of",
    "picture_of",
    "plain",
    "read_era",
    "read_slide",
    "title_and_words",
]

# The key of our own data in a slide or a file.
KEY = "lead_watch"
# The longest first words that stand for a whole text.
SUMMARY = 300
LONGEST_SUMMARY = 500
LONGEST_TITLE = 255
# The category of a slide without a group.
OTHER = "other"
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
FRAME = re.compile(r"""<iframe\b[^>]*\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
# Of what is embedded, the beginning is looked at: the pattern takes a time that grows with the square.
LONGEST_FRAME = 5_000
DATE_PARTS = ("year", "month", "day")
EMPTY = (None, "")
TIMES = ("hour", "minute", "second", "millisecond")


class NotAnEvent(ValueError):
    """A slide that no event can hold; `str()` says why, in words for the editor."""


class Reading:
    """The content of a slide: the `record` of an event, or parts of one, and `notes` for the editor."""

    def __init__(self, slide, has_picture):
        self.slide = slide
        self.has_picture = has_picture
        self.notes = []
        self.record = {}

    def read(self):
        slide = self.slide
        date, end = self.read_dates()
        title, words = title_and_words(slide, date)
        html, group = paragraphs(part_of(slide, "text").get("text")), plain(slide.get("group"))[:100]
        summary = Truncator(words).chars(SUMMARY) if words else title
        if is_plain(html) and len(words) <= LONGEST_SUMMARY:
            summary, html = words or title, ""
        body = [{"type": "text", "value": html}] if html else []
        self.record = {
            "title": title,
            "date": str(date),
            "end_date": str(end or ""),
            "category": {"name": group} if group else {"slug": OTHER, "name": _("Other")},
            "summary": Truncator(summary).chars(LONGEST_SUMMARY),
            "lead_image": None,
            "body": body,
            "imported": slide,
        }
        if not visible(plain(part_of(slide, "text").get("headline"))).strip():
            self.notes.append(_("It has no headline, and is called “%(title)s”.") % {"title": title})
        self.read_media(part_of(slide, "media"))
        self.read_rest()
        return self

    def read_dates(self):
        start, end = self.slide.get("start_date"), self.slide.get("end_date")
        if not start:
            raise NotAnEvent(_("It has no date."))
        date, end = self.read_date(start), self.read_end(end)
        if end and end.last_day < date.first_day:
            raise NotAnEvent(_("It ends before it begins."))
        shown = self.slide.get("display_date") or part_of(self.slide, "start_date").get("display_date")
        shown = str(shown or "")
        if shown:
            try:
                meant = parse(shown)
            except DateParseError:
                meant = None
            if meant and meant.approximate and sort_key(meant) == sort_key(date):
                date = meant
            elif shown not in {for_people(date, end), str(date)}:
                self.notes.append(
                    _("The words “%(words)s” for its date are kept for exports.") % {"words": shown}
                )
        return date, end

    def read_date(self, parts):
        if not isinstance(parts, dict):
            raise NotAnEvent(_("Its date cannot be read."))
        given = [parts.get(name) for name in DATE_PARTS]
        if given[0] in EMPTY and not any(given):
            raise NotAnEvent(_("It has no date."))
        if any(parts.get(name) not in (None, "", 0) for name in TIMES):
            self.notes.append(_("Its time of day is kept for exports."))
        try:
            date = from_parts(*given)
        except DateParseError as error:
            raise NotAnEvent(str(error)) from error
        if date.year < 100:
            self.notes.append(_("Its year is read as the year %(year)s.") % {"year": date.year})
        return date

    def read_end(self, end):
        """The end; files without one may have empty parts for it."""
        if not end or (isinstance(end, dict) and all(end.get(name) in EMPTY for name in DATE_PARTS)):
            return None
        try:
            return self.read_date(end)
        except NotAnEvent as error:
            raise NotAnEvent(_("Its end date cannot be read. %(why)s") % {"why": error}) from error

    def read_media(self, media):
        url = address_of(media)
        if not is_link(url):
            if url:
                self.notes.append(_("Its media has no valid address, and is kept for exports."))
            return
        caption, credit = plain(media.get("caption")), plain(media.get("credit"))
        if is_picture(url) and self.has_picture(url):
            title = caption or self.record["title"]
            self.record["lead_image"] = {
                "url": url,
                "title": title[:LONGEST_TITLE],
                "alt": (plain(media.get("alt")) or title)[:LONGEST_TITLE],
                "decorative": False,
                "credit": credit[:LONGEST_TITLE],
            }
            return
        words = ", ".join(filter(None, [caption or url, credit]))
        link = format_html('<p><a href="{}">{}</a></p>', url, words)
        self.record["body"] = [*self.record["body"], {"type": "text", "value": safe_html(str(link))}]
        self.notes.append(_("Its media becomes a link: %(url)s") % {"url": url})

    def read_rest(self):
        known = {"start_date", "end_date", "display_date", "text", "media", "group", "unique_id", KEY}
        odd = {name for name in ("text", "media") if not isinstance(self.slide.get(name) or {}, dict)}
        if others := sorted(set(self.slide) - known | odd):
            self.notes.append(_("Kept for exports: %(names)s") % {"names": ", ".join(others)})


def read_slide(slide, has_picture=lambda url: False):
    """
    Read a slide from elsewhere.

    :param has_picture: whether the picture at an address is, or will be, in the library.
    :raises NotAnEvent: if no event can hold it.
    """
    if not isinstance(slide, dict):
        raise NotAnEvent(_("It is not a slide."))
    return Reading(slide, has_picture).read()


def read_era(era):
    """
    The headline, start and end of an era.

    :raises NotAnEvent: if an era of ours cannot hold it.
    """
    if not isinstance(era, dict):
        raise NotAnEvent(_("It is not an era."))
    own = part_of(era, KEY)
    reading = Reading(era, None)
    start, end = reading.read_dates() if era.get("end_date") else (None, None)
    if end is None:
        raise NotAnEvent(_("It has no end."))
    try:
        start, end = (
            PreciseDate.from_edtf(own[name]) if name in own else date
            for name, date in (("start", start), ("end", end))
        )
    except DateParseError as error:
        raise NotAnEvent(_("Its date cannot be read.")) from error
    return plain(part_of(era, "text").get("headline"))[:100] or for_people(start, end), start, end


def part_of(slide, name):
    """Return a part of a slide that should be a dictionary; an empty one if it is anything else."""
    value = slide.get(name)
    return value if isinstance(value, dict) else {}


def title_and_words(slide, date):
    """The title of a slide's event, and the words of its text."""
    text, media = part_of(slide, "text"), part_of(slide, "media")
    words = plain(text.get("text"))
    choices = [plain(text.get("headline")), plain(media.get("caption")), words]
    title = next((choice for choice in choices if visible(choice).strip()), str(date))
    return Truncator(title).chars(LONGEST_TITLE), words


def plain(html):
    """The words of a piece of HTML in one line."""
    return " ".join(unescape(nh3.clean(str(html or ""), tags=set())).split())


def identity_of(value):
    """An id that a file gives, as text; empty if it gives none. JSON and spreadsheets may write 1 as 1.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if value and isinstance(value, str | int | float) else ""


def paragraphs(html):
    """A slide's text as rich text of ours."""
    clean = safe_html(str(html or "")).strip()
    if not clean or re.match(r"<(?:p|ul|ol)\b", clean):
        return clean
    parts = [part.strip() for part in re.split(r"\n\s*\n|(?:<br>\s*){2,}", clean)]
    return "".join(f"<p>{part}</p>" for part in parts if part)


def is_plain(html):
    """Whether rich text is one paragraph of mere words."""
    return html.count("<") <= 2 and "<a" not in html and not re.search(r"<(?!/?p>)", html)


def address_of(media):
    """Return the address of the media of a slide, also if it is in the HTML of a frame."""
    url = str(media.get("url") or "").strip()
    if found := FRAME.search(url[:LONGEST_FRAME]):
        url = unescape(found[1])
    return f"https:{url}" if url.startswith("//") else url


def picture_of(slide):
    """The address of the picture that a slide shows; empty if it shows none."""
    url = address_of(part_of(slide, "media"))
    return url if is_picture(url) else ""


def is_picture(url):
    return urlsplit(url).path.lower().endswith(PICTURES)
