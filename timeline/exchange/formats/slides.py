"""
Events as slides of TimelineJS 3: https://timeline.knightlab.com/docs/json-format.html

What a slide says beyond the format is ignored by TimelineJS, so our record travels in a key of our own. A
slide that came from elsewhere is kept as it was, and each part of it that still says what the event says is
given back letter for letter.
"""

from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _

from home.dates.values import PreciseDate, for_people
from home.external_links.cleaning import clean_links
from home.external_links.validation import leads_to_the_admin
from timeline.exchange.formats.slide_reader import KEY, OTHER, NotAnEvent, read_era, read_slide
from timeline.exchange.references.html import same_value

__all__ = ["parts_of", "slide_of_era", "slide_of_record"]

# Which parts of a record each part of a slide says.
SAYS = {
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


def slide_of_record(record, url):
    """
    The slide of an event.

    :param record: the event as `read_record` gives it.
    :param url: where the event's page is.
    """
    record = record | {"imported": for_visitors(record["imported"])}
    date, end = (
        PreciseDate.from_edtf(record[name]) if record[name] else None for name in ("date", "end_date")
    )
    # A draft may lack a date.
    slide = {"start_date": parts_of(date, end)} if date else {}
    slide |= {"text": {}, "unique_id": record["unique_id"]}
    if end:
        slide["end_date"] = parts_of(end)
    if date and (date.approximate or (end and end.approximate)):
        slide["display_date"] = for_people(date, end)
    slide["text"] = {"headline": escape(record["title"]), "text": str(text_of(record, url))}
    if record["category"]:
        slide["group"] = record["category"]["name"]
    if picture := record["lead_image"]:
        slide["media"] = media_of(picture, url)
    if isinstance(record["imported"], dict) and record["imported"]:
        slide = with_original(slide, record)
    return slide | {KEY: {"url": url} | {name: value for name, value in record.items() if value}}


def parts_of(date, end=None):
    """
    A date as TimelineJS writes it.

    TimelineJS drops an end that equals its start in every part that the start has, so a start that is less
    exact than its end gets empty parts.
    """
    parts = {"year": date.year}
    for name in ("month", "day"):
        if value := getattr(date, name):
            parts[name] = value
        elif end and getattr(end, name):
            parts[name] = ""
    return parts


def text_of(record, url):
    sources = format_html_join(
        "",
        "<li>{}</li>",
        (
            [
                format_html('<a href="{}">{}</a>', source["url"], source["title"])
                if source["url"]
                else source["title"]
            ]
            for source in record["sources"]
        ),
    )
    return format_html(
        '<p>{}</p><ul>{}</ul><p><a href="{}">{}</a></p>',
        record["summary"],
        sources,
        url,
        _("More about this"),
    )


def media_of(picture, url):
    media = {"url": picture.get("url", ""), "link": url}
    if picture["alt"]:
        media["alt"] = picture["alt"]
    if picture["credit"]:
        media["credit"] = escape(picture["credit"])
    return media


def with_original(slide, record):
    """
    The slide that the event came as, with those parts put anew that the event says otherwise by now.

    What TimelineJS could say and an event cannot, such as a time of day or a background, stays.
    """
    original = record["imported"]
    picture = (record["lead_image"] or {}).get("fetched_from")
    try:
        was = read_slide(original, has_picture=lambda url: url == picture).record
    except NotAnEvent:
        return original | slide
    unchanged = {
        part
        for part, names in SAYS.items()
        if all(same_value(said(was, name), said(record, name)) for name in names)
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


def for_visitors(value, name=""):
    """The slide that an event or era came as, without links into the admin."""
    if isinstance(value, dict):
        return {key: for_visitors(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [for_visitors(part, name) for part in value]
    if not isinstance(value, str):
        return value
    if name in ADDRESSES:
        return "" if leads_to_the_admin(value) else value
    return clean_links(value) if "<" in value else value


def said(record, name):
    """Return a part of a record as far as a slide could hold it."""
    value = record.get(name)
    if name == "category":
        return value["name"] if value and value.get("slug") != OTHER else None
    if name == "lead_image":
        return value and (value.get("fetched_from") or value["url"])
    return value or None


def put(slide, part, value):
    if value is None:
        slide.pop(part, None)
    else:
        slide[part] = value


def slide_of_era(era):
    """An era as TimelineJS writes it; one that came from elsewhere as it was, while it says the same."""
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
