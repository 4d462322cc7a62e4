"""
Events as slides of TimelineJS 3: https://timeline.knightlab.com/docs/json-format.html

TimelineJS ignores unknown keys, so our own data is in a key of its own. A slide that came from elsewhere is
kept, and each part of it that still agrees with the event is exported unchanged.
"""

from functools import lru_cache
from html import escape
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.dates.values import PreciseDate, for_people
from home.external_links.cleaning import clean_links
from home.external_links.validation import leads_to_the_admin
from timeline.exchange.formats.slide_reader import KEY, OTHER, NotAnEvent, Slide, read_era, read_slide
from timeline.exchange.references.html import same_value
from timeline.models import Era

# The fields of an event that each part of a slide is made of.
MADE_OF = {
    "start_date": ["date"],
    "end_date": ["end_date"],
    "display_date": ["date", "end_date"],
    "headline": ["title"],
    "text": ["summary", "body"],
    "media": ["lead_image", "body"],
    "group": ["category"],
}
# The parts of a slide that are addresses.
ADDRESSES = {"url", "link", "thumbnail"}


def slide_of_data(data: dict[str, Any], url: str) -> Slide:
    """Return the slide of an event, from the data of `read_event` and the address of its page."""
    data = data | {"imported": for_visitors(data["imported"])}
    date, end = (PreciseDate.from_edtf(data[name]) if data[name] else None for name in ("date", "end_date"))
    # A draft may lack a date.
    slide: Slide = {"start_date": parts_of(date, end)} if date else {}
    slide |= {"text": {}, "unique_id": data["unique_id"]}
    if end:
        slide["end_date"] = parts_of(end)
    if date and (date.approximate or (end and end.approximate)):
        slide["display_date"] = for_people(date, end)
    slide["text"] = {"headline": escape(data["title"]), "text": text_of(data, url)}
    if data["category"]:
        slide["group"] = data["category"]["name"]
    if image := data["lead_image"]:
        slide["media"] = media_of(image, url)
    if isinstance(data["imported"], dict) and data["imported"]:
        slide = with_original(slide, data)
    return slide | {KEY: {"url": url} | {name: value for name, value in data.items() if value}}


def parts_of(date: PreciseDate, end: PreciseDate | None = None) -> dict[str, Any]:
    """
    Return a date in the form of TimelineJS.

    TimelineJS drops an end that equals its start in every part that the start has. A start that is less exact
    than its end therefore gets empty parts.
    """
    parts: dict[str, Any] = {"year": date.year}
    for name in ("month", "day"):
        if value := getattr(date, name):
            parts[name] = value
        elif end and getattr(end, name):
            parts[name] = ""
    return parts


def text_of(data: dict[str, Any], url: str) -> str:
    sources = "".join(f"<li>{link_to(source)}</li>" for source in data["sources"])
    link = f'<a href="{escape(url)}">{words_of_link(get_language())}</a>'
    return f"<p>{escape(data['summary'])}</p><ul>{sources}</ul><p>{link}</p>"


@lru_cache
def words_of_link(_language: str) -> str:
    return escape(_("More about this"))


def link_to(source: dict[str, str]) -> str:
    title = escape(source["title"])
    return f'<a href="{escape(source["url"])}">{title}</a>' if source["url"] else title


def media_of(image: dict[str, Any], url: str) -> dict[str, str]:
    media = {"url": image.get("url", ""), "link": url}
    if alt := image.get("alt_in", {}).get(get_language()) or image["alt"]:
        media["alt"] = alt
    if image["credit"]:
        media["credit"] = escape(image["credit"])
    return media


def with_original(slide: Slide, data: dict[str, Any]) -> Slide:
    """Return the imported slide of an event, with new values for the parts in which the event has changed."""
    original = data["imported"]
    image = (data["lead_image"] or {}).get("fetched_from")
    try:
        was = read_slide(original, has_image=lambda url: url == image).data
    except NotAnEvent:
        return original | slide
    unchanged = {
        part
        for part, names in MADE_OF.items()
        if all(same_value(comparable(was, name), comparable(data, name)) for name in names)
    }
    merged = original | {"unique_id": slide["unique_id"]}
    for part in ("start_date", "end_date", "display_date", "media", "group"):
        if part not in unchanged:
            put(merged, part, slide.get(part))
    if not isinstance(original.get("text"), dict):
        if not {"headline", "text"} <= unchanged:
            merged["text"] = slide["text"]
        return merged
    merged["text"] = dict(original["text"])
    for part in ("headline", "text"):
        if part not in unchanged:
            put(merged["text"], part, slide["text"][part])
    return merged


def for_visitors(value: Any, name: str = "") -> Any:
    """Return an imported slide without links into the admin."""
    if isinstance(value, dict):
        return {key: for_visitors(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [for_visitors(part, name) for part in value]
    if not isinstance(value, str):
        return value
    if name in ADDRESSES:
        return "" if leads_to_the_admin(value) else value
    return clean_links(value) if "<" in value else value


def comparable(data: dict[str, Any], name: str) -> Any:
    """Return a field of an event, reduced to what a slide can hold of it."""
    value = data.get(name)
    if name == "category":
        return value["name"] if value and value.get("slug") != OTHER else None
    if name == "lead_image":
        return value and (value.get("fetched_from") or value["url"])
    return value or None


def put(slide: Slide, part: str, value: Any) -> None:
    if value is None:
        slide.pop(part, None)
    else:
        slide[part] = value


def slide_of_era(era: Era) -> Slide:
    """Return an era in the form of TimelineJS; unchanged if it was imported and has not changed."""
    imported = for_visitors(era.imported)
    if imported:
        try:
            if read_era(imported) == (era.headline, era.start, era.end):
                return imported
        except NotAnEvent:
            pass
    return (imported or {}) | {
        "start_date": parts_of(era.start, era.end),
        "end_date": parts_of(era.end),
        "text": {"headline": escape(era.headline)},
        KEY: {"start": str(era.start), "end": str(era.end)},
    }
