"""The fields of an event as plain data that another database can take, for exports and imports alike."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.dates.fields import PreciseDateField
from home.dates.parsing import parse
from home.dates.values import DateParseError, PreciseDate, Precision
from home.external_links.cleaning import link_for_visitors
from home.external_links.fields import PublicURLField
from home.models import Correction
from timeline.exchange.references.namer import Namer
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage, EventSource

SOURCE_FIELDS = EventSource.data_fields()


class Field:
    """A field of an event. `read` returns plain data; `write` puts it back, or raises ValidationError."""

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


class Language(Field):
    """The language of an event, which is that of its timeline."""

    def read(self, event: EventPage, namer: Namer) -> str:
        return namer.languages[event.locale_id]

    def write(self, event: EventPage, value: Any, resolver: Resolver) -> None:
        own = resolver.timeline.locale
        if value and str(value).strip().lower() != own.language_code:
            words = _(
                "The row is in “%(language)s”, and the timeline is in “%(own)s”. Choose the timeline in the "
                "language of the row, or change the cell once the row is translated."
            )
            raise ValidationError(words % {"language": str(value)[:20], "own": own.language_code})


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
            {field.name: self.read_part(source, field, namer) for field in SOURCE_FIELDS}
            for source in event.sources.all()
        ]

    @staticmethod
    def read_part(source: EventSource, field: models.Field, namer: Namer) -> str:
        value = getattr(source, field.attname)
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            return link_for_visitors(value) if isinstance(field, PublicURLField) else value
        return (namer.name("document", value) or "") if field.is_relation else field.value_to_string(source)

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


FIELDS: list[Field] = [
    Text("unique_id", gettext_lazy("identity")),
    Language("language", gettext_lazy("language")),
    Text("title"),
    Text("slug", gettext_lazy("address")),
    Date("date"),
    Date("end_date"),
    Category("category"),
    Text("place"),
    Text("summary"),
    Text("verification"),
    Sources("sources", gettext_lazy("sources")),
    Pages("concerns", "concern"),
    Pages("partners", "partner"),
    Image("lead_image"),
    Body("body"),
    Corrections("corrections", gettext_lazy("corrections and updates")),
    Day("last_reviewed"),
    Image("listing_image"),
    Image("social_image"),
    Text("seo_title", gettext_lazy("title for search engines")),
    Text("search_description", gettext_lazy("description for search engines")),
    Field("imported", gettext_lazy("original slide")),
]


def read_event(event: EventPage, namer: Namer) -> dict[str, Any]:
    """Return all fields of an event as plain data for JSON. The namer must have loaded the event."""
    data = {field.name: field.read(event, namer) for field in FIELDS}
    if event.lead_image_id and not data["lead_image"] and isinstance(data["imported"], dict):
        # Visitors don't get the image, so they don't get its original caption either.
        data["imported"] = {name: part for name, part in data["imported"].items() if name != "media"}
    return data


def write_event(event: EventPage, data: dict[str, Any], resolver: Resolver) -> list[str]:
    """Put plain data into fields of an event. Nothing is saved. Return problems for the editor."""
    problems = []
    for field in FIELDS:
        if field.name not in data:
            continue
        try:
            field.write(event, data[field.name], resolver)
        except ValidationError as error:
            problems.append(f"{field.label}: {' '.join(error.messages)}")
        except (AttributeError, KeyError, TypeError, ValueError):
            problems.append(_("%(part)s: this cannot be read.") % {"part": field.label})
    return problems


def read_date(text: Any) -> PreciseDate | None:
    """Read a date in EDTF, or as people write it. Raise ValidationError if it cannot be read."""
    if not text:
        return None
    try:
        return PreciseDate.from_edtf(text)
    except DateParseError:
        pass
    try:
        return parse(text)
    except DateParseError as error:
        raise ValidationError(f"{str(text)[:100]}. {error}") from error


def read_day(text: Any) -> datetime.date | None:
    """Read a date that is exact to the day. Raise ValidationError if it is not."""
    date = read_date(text)
    if date and (date.precision != Precision.DAY or date.approximate):
        raise ValidationError(_("This is not a day: %(text)s.") % {"text": text})
    return date.first_day if date else None
