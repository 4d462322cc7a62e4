"""Read JSON files of TimelineJS 3 and of the first TimelineJS."""

from typing import Any

from django.utils.translation import gettext as _

from timeline.exchange.formats.limits import UnreadableFile, load_json
from timeline.exchange.formats.slide_dates import put_date
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, Slide, part_of


def data_of_json(text: str) -> dict[str, Any]:
    """Return the data of a file in the form of TimelineJS 3, or raise UnreadableFile."""
    data = load_json(text)
    if isinstance(data, dict) and isinstance(data.get("timeline"), dict):
        data = from_first_version(data["timeline"])
    if not isinstance(data, dict) or not isinstance(data.get("events"), list):
        raise UnreadableFile(_("This JSON has no list of events, as a file of TimelineJS has."))
    return data


def slide_of_json(slide: Any, notes: list[str]) -> Slide:
    """Return a slide with its dates in parts, or raise NotAnEvent if it cannot be read."""
    if not isinstance(slide, dict):
        raise NotAnEvent(_("It is not a slide."))
    slide = dict(slide)
    if part_of(slide, KEY).get("unique_id"):
        return slide
    for part in ("start_date", "end_date"):
        value = slide.get(part)
        if isinstance(value, int | float) and value and not isinstance(value, bool):
            value = f"{value:.15g}"
        if isinstance(value, str) and value.strip():
            put_date(slide, part, value, notes)
        elif isinstance(value, dict) and any(name != name.strip() for name in value):
            slide[part] = {name.strip(): each for name, each in value.items()}
    return slide


def era_of_json(era: Any) -> Any:
    """Return an era in the same form as a slide; unchanged if it cannot be read."""
    try:
        return slide_of_json(era, [])
    except NotAnEvent:
        return era


def from_first_version(timeline: dict[str, Any]) -> dict[str, Any]:
    """Convert a file of the first TimelineJS to the form of TimelineJS 3."""
    events, eras = timeline.get("date"), timeline.get("era")
    data: dict[str, Any] = {
        "events": [slide_of_first_version(event) for event in events] if isinstance(events, list) else None
    }
    if isinstance(eras, list):
        data["eras"] = [slide_of_first_version(era) for era in eras]
    title = slide_of_first_version({name: timeline.get(name) for name in ("headline", "text", "asset")})
    if title:
        data["title"] = title
    return data


def slide_of_first_version(event: Any) -> Any:
    return new_slide(event) if isinstance(event, dict) else event


def new_slide(event: dict[str, Any]) -> Slide:
    names = {"startDate": "start_date", "endDate": "end_date", "tag": "group", "asset": "media"}
    slide: Slide = {}
    text: dict[str, Any] = {}
    for name, value in event.items():
        if value in (None, "", {}):
            continue
        if name in ("headline", "text"):
            text[name] = value
        elif name == "asset" and isinstance(value, dict):
            slide["media"] = {"url" if part == "media" else part: each for part, each in value.items()}
        else:
            slide[names.get(name, name)] = value
    if text:
        slide["text"] = text
    if isinstance(slide.get("end_date"), str) and slide["end_date"] == slide.get("start_date"):
        # The first TimelineJS repeated the start if there was no end.
        del slide["end_date"]
    return slide
