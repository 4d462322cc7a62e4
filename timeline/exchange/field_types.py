"""Types of event fields: how each becomes plain data, and how it is put back."""

from typing import Any

from django.db import models
from django.utils.functional import Promise

from home.dates.fields import PreciseDateField
from home.external_links.cleaning import link_for_visitors
from home.external_links.fields import PublicURLField
from home.models import Correction
from timeline.exchange.dates import read_date, read_day
from timeline.exchange.references.namer import Namer
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage, EventSource


class Field:
    """
    A field of an event. `read` returns it as plain data, and `write` puts it back.

    `write` raises `ValidationError` for a value that the event cannot hold, and may raise `AttributeError`,
    `KeyError`, `TypeError` or `ValueError` for data of the wrong shape.
    """

    def __init__(self, name: str, label: Promise | None = None) -> None:
        self.name = name
        self._label = label

    @property
    def label(self) -> str:
        """The name that editors know the field by."""
        return str(self._label or EventPage._meta.get_field(self.name).verbose_name)

    def read(self, event: EventPage, namer: Namer) -> Any:
        return getattr(event, self.name)

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        setattr(event, self.name, value)


class Text(Field):
    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        setattr(event, self.name, str(value))


class Date(Field):
    """A `PreciseDate`, as EDTF."""

    def read(self, event: EventPage, namer: Namer) -> str:
        return str(getattr(event, self.name) or "")

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        setattr(event, self.name, read_date(value))


class Day(Field):
    def read(self, event: EventPage, namer: Namer) -> str:
        value = getattr(event, self.name)
        return value.isoformat() if value else ""

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        setattr(event, self.name, read_day(value))


class Category(Field):
    def read(self, event: EventPage, namer: Namer) -> dict[str, str] | None:
        category = getattr(event, "category", None)
        return category and {
            "slug": category.slug,
            "name": category.name,
            "description": category.description,
        }

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        event.category = resolver.find_category(value) if value else None


class Pages(Field):
    """Pages of one kind, by their slugs."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name)
        self.kind = kind

    def read(self, event: EventPage, namer: Namer) -> list[str]:
        return sorted(page.slug for page in getattr(event, self.name).all() if namer.may_name(page))

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        found = [resolver.find(self.kind, slug) for slug in value]
        setattr(event, self.name, [page for page in found if page])


class Image(Field):
    def read(self, event: EventPage, namer: Namer) -> dict[str, Any] | None:
        return namer.name("image", getattr(event, f"{self.name}_id"))

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        setattr(event, self.name, resolver.find("image", value) if value else None)


class Sources(Field):
    """The sources of an event, with the fields that `Source.data_fields` lists."""

    def read(self, event: EventPage, namer: Namer) -> list[dict[str, str]]:
        return [
            {field.name: self.read_part(source, field, namer) for field in source.data_fields()}
            for source in event.sources.all()
        ]

    @staticmethod
    def read_part(source: EventSource, field: models.Field, namer: Namer) -> str:
        if field.is_relation:
            return namer.name("document", field.value_from_object(source)) or ""
        text = field.value_to_string(source)
        return link_for_visitors(text) if isinstance(field, PublicURLField) else text

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        event.sources = [self.make_source(number, parts, resolver) for number, parts in enumerate(value)]

    def make_source(self, number: int, parts: dict[str, Any], resolver: Resolver) -> EventSource:
        source = EventSource(sort_order=number)
        for field in source.data_fields():
            setattr(source, field.name, self.write_part(field, parts.get(field.name), resolver))
        source.clean_fields(exclude=["owner"])
        return source

    @staticmethod
    def write_part(field: models.Field, value: Any, resolver: Resolver) -> Any:
        if field.is_relation:
            return resolver.find("document", value) if value else None
        if isinstance(field, PreciseDateField):
            return read_date(value)
        if isinstance(field, models.DateField):
            return read_day(value)
        return str(value or "")


class Corrections(Field):
    def read(self, event: EventPage, namer: Namer) -> list[dict[str, str]]:
        return [
            {"kind": correction.kind, "date": correction.date.isoformat(), "text": correction.text}
            for correction in event.corrections.all()
        ]

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        event.corrections = [
            Correction(
                sort_order=number,
                kind=str(parts.get("kind", "")),
                date=read_day(parts.get("date")),
                text=str(parts.get("text", "")),
            )
            for number, parts in enumerate(value)
        ]
        for correction in event.corrections.all():
            correction.clean_fields(exclude=["page"])


class Body(Field):
    def read(self, event: EventPage, namer: Namer) -> list:
        return namer.body(event)

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        event.body = resolver.body(value)
