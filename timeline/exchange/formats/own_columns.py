"""This site's own columns in spreadsheets: fields of an event that TimelineJS does not have."""

import csv
import json
import re
from collections.abc import Collection
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from timeline.exchange.formats.columns import Column
from timeline.exchange.formats.limits import UnreadableFile, load_json
from timeline.exchange.formats.slide_parts import KEY, NotAnEvent, Slide
from timeline.models import EventSource

# The parts of a source in a line.
SOURCE_PARTS = [field.name for field in EventSource.data_fields()]


class OwnColumn(Column):
    """A text field of an event."""

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
    """Slugs, separated by commas."""

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
        """
        :param named: the fields that have columns.
        """
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
