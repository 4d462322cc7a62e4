"""The columns of spreadsheets of TimelineJS, and our own columns for fields that it does not have.

https://timeline.knightlab.com/docs/using-spreadsheets.html
"""

import csv
import json
import re
from collections.abc import Collection
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from timeline.exchange.formats.limits import UnreadableFile, load_json
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, Slide, part_of
from timeline.models import EventSource

# The key under which a slide has dates that stand in one cell, until all cells are read.
WHOLE_DATES = "whole dates"
TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?(?:[:.](\d\d)(?:\.(\d+))?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


class Column:
    """A column of a spreadsheet. `text_of` returns its text for a slide."""

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
        """Put the text of a cell into a slide. Raise NotAnEvent if it cannot be read."""
        if text:
            *above, name = self.path
            for step in above:
                slide = slide.setdefault(step, {})
            slide[name] = text


class Number(Column):
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


# The parts of a source in a line.
SOURCE_PARTS = [field.name for field in EventSource.data_fields()]


class OwnColumn(Column):
    def __init__(self, header: str, name: str) -> None:
        super().__init__(header, KEY, name)
        self.name = name

    def put(self, slide: Slide, text: str) -> None:
        self.put_value(slide, text)

    def put_value(self, slide: Slide, value: Any) -> None:
        slide.setdefault(KEY, {})[self.name] = value


class Category(OwnColumn):
    def text_of(self, slide: Slide) -> str:
        return (slide[KEY].get("category") or {}).get("slug", "")

    def put(self, slide: Slide, text: str) -> None:
        if text:
            self.put_value(slide, {"slug": text, "name": unescape(slide.get("group", ""))})


class Slugs(OwnColumn):
    def text_of(self, slide: Slide) -> str:
        return ", ".join(slide[KEY].get(self.name) or [])

    def put(self, slide: Slide, text: str) -> None:
        self.put_value(slide, [slug for slug in re.split(r"[,\s]+", text) if slug])


class Sources(OwnColumn):
    """One source per line, with its parts separated by bars."""

    def text_of(self, slide: Slide) -> str:
        return "\n".join(line_of(source) for source in slide[KEY].get("sources") or [])

    def put(self, slide: Slide, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip()]
        rows = csv.reader(lines, delimiter="|", escapechar="\\", quoting=csv.QUOTE_NONE)
        self.put_value(
            slide,
            [dict(zip(SOURCE_PARTS, [part.strip() for part in row], strict=False)) for row in rows],
        )


def line_of(source: dict[str, str]) -> str:
    parts = [
        re.sub(r"([\\|])", r"\\\1", re.sub(r"\s+", " ", source.get(name) or "")) for name in SOURCE_PARTS
    ]
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


class More(OwnColumn):
    """All fields that have no column, as JSON."""

    def __init__(self, header: str, named: Collection[str]) -> None:
        super().__init__(header, "")
        self.named = named

    def text_of(self, slide: Slide) -> str:
        rest = {name: value for name, value in slide[KEY].items() if name not in self.named}
        return json.dumps(rest, ensure_ascii=False) if rest else ""

    def put(self, slide: Slide, text: str) -> None:
        try:
            rest = load_json(text or "{}")
        except UnreadableFile as error:
            words = _("The column “%(header)s” cannot be read. %(why)s")
            raise NotAnEvent(words % {"header": self.header, "why": error}) from error
        if isinstance(rest, dict):
            for name, value in rest.items():
                slide.setdefault(KEY, {}).setdefault(name, value)
