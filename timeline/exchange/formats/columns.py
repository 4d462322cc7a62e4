"""The columns of spreadsheets of TimelineJS: https://timeline.knightlab.com/docs/using-spreadsheets.html"""

import re
from typing import Any

from django.utils.translation import gettext as _

from timeline.exchange.formats.slide_parts import NotAnEvent, Slide, part_of

# The key under which a slide has dates that stand in one cell, until all cells are read.
WHOLE_DATES = "whole dates"
TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?(?:[:.](\d\d)(?:\.(\d+))?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


class Column:
    """A column: `text_of` returns its text for a slide, `put` puts a text into one."""

    is_text = True

    def __init__(self, header: str, *path: str) -> None:
        self.header = header
        self.path = path

    def text_of(self, slide: Slide) -> str:
        value: Any = slide
        for name in self.path:
            value = value.get(name) if isinstance(value, dict) else None
        return "" if value is None else str(value)

    def put(self, slide: Slide, text: str) -> None:
        """
        :raises NotAnEvent: if the text cannot be read.
        """
        if text:
            *above, name = self.path
            for step in above:
                slide = slide.setdefault(step, {})
            slide[name] = text


class Number(Column):
    """A part of a date."""

    is_text = False

    def put(self, slide: Slide, text: str) -> None:
        super().put(slide, text.strip())


class Time(Column):
    is_text = False

    def text_of(self, slide: Slide) -> str:
        parts = part_of(slide, self.path[0])
        if parts.get("hour") in (None, ""):
            return ""
        try:
            return ":".join(f"{int(parts.get(name) or 0):02}" for name in ("hour", "minute", "second"))
        except (TypeError, ValueError):
            # A slide from elsewhere may have any text here.
            return ""

    def put(self, slide: Slide, text: str) -> None:
        if not text:
            return
        found = TIME.fullmatch(text.strip())
        if not found:
            raise NotAnEvent(_("Its time of day cannot be read: %(text)s") % {"text": text})
        hours, minute, second, fraction, half = found.groups()
        hour = int(hours)
        if half:
            hour = hour % 12 + 12 * half.lower().startswith("p")
        values = {"hour": str(hour), "minute": minute, "second": second, "millisecond": fraction}
        slide.setdefault(self.path[0], {}).update({name: value for name, value in values.items() if value})


class WholeDate(Column):
    """A date in one cell, as in the first TimelineJS. It is kept apart until all cells are read."""

    def put(self, slide: Slide, text: str) -> None:
        if text:
            slide.setdefault(WHOLE_DATES, {})[self.path[0]] = text


class Background(Column):
    def text_of(self, slide: Slide) -> str:
        background = part_of(slide, "background")
        return str(background.get("url") or background.get("color") or "")

    def put(self, slide: Slide, text: str) -> None:
        if text:
            slide["background"] = {"url" if re.match(r"https?://|/", text) else "color": text}
