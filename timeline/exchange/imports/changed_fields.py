"""The fields in which a slide differs from the one that was imported before."""

from collections.abc import Callable
from typing import Any

from timeline.exchange.formats.slide_parts import KEY, NotAnEvent, part_of
from timeline.exchange.formats.slide_reader import read_slide
from timeline.exchange.references.html import same_value
from timeline.models import EventPage


def changed_fields(
    data: dict[str, Any], event: EventPage, has_image: Callable[[str], bool]
) -> dict[str, Any]:
    """
    Return the part of `data` that has changed since the last import of the event.

    All other fields stay as editors have changed them here.

    :param has_image: returns whether the image at an address is, or will be, in the library.
    """
    slide, image = data["imported"], event.lead_image and event.lead_image.fetched_from
    try:
        was = read_slide(event.imported, lambda url: url == image or has_image(url)).data
    except NotAnEvent:
        # It was written here, so the defaults of any slide don't count as changes.
        was = read_slide({"start_date": slide["start_date"], "text": {"headline": data["title"]}}).data
        was = {name: value for name, value in was.items() if name not in ("date", "title")}
    was |= part_of(event.imported, KEY) | {"imported": None}
    return {name: value for name, value in data.items() if not same_value(value, was.get(name))}
