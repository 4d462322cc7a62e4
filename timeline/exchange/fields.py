"""An event as plain data that another database can take: one list of fields, in both directions."""

from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.dates.values import DateParseError, PreciseDate, Precision, parse
from home.external_links.cleaning import link_for_visitors
from home.models import Correction
from timeline.models import EventPage, EventSource

__all__ = ["FIELDS", "read_event", "write_event"]


class Field:
    """
    A part of an event. `read` gives it as plain data, `write` puts it back.

    `write` raises `ValidationError` for what it cannot put back.
    """

    def __init__(self, name, label=None):
        self.name = name
        self._label = label

    @property
    def label(self):
        """The name by which an editor knows the part."""
        return str(self._label or EventPage._meta.get_field(self.name).verbose_name)

    def read(self, event, namer):
        return getattr(event, self.name)

    def write(self, event, value, resolver):
        setattr(event, self.name, value)


class Text(Field):
    def write(self, event, value, resolver):
        setattr(event, self.name, str(value))


class Date(Field):
    """A date to its precision, as EDTF."""

    def read(self, event, namer):
        return str(getattr(event, self.name) or "")

    def write(self, event, value, resolver):
        setattr(event, self.name, edtf(value))


class Day(Field):
    def read(self, event, namer):
        value = getattr(event, self.name)
        return value.isoformat() if value else ""

    def write(self, event, value, resolver):
        setattr(event, self.name, day(value))


class Category(Field):
    def read(self, event, namer):
        category = getattr(event, "category", None)
        return category and {
            "slug": category.slug,
            "name": category.name,
            "description": category.description,
        }

    def write(self, event, value, resolver):
        event.category = resolver.find_category(value) if value else None


class Pages(Field):
    """Pages of one kind, by their slugs."""

    def __init__(self, name, kind):
        super().__init__(name)
        self.kind = kind

    def read(self, event, namer):
        return sorted(page.slug for page in getattr(event, self.name).all() if namer.may_name(page))

    def write(self, event, value, resolver):
        found = [resolver.find(self.kind, slug) for slug in value]
        setattr(event, self.name, [page for page in found if page])


class Picture(Field):
    def read(self, event, namer):
        return namer.name("image", getattr(event, f"{self.name}_id"))

    def write(self, event, value, resolver):
        setattr(event, self.name, resolver.find("image", value) if value else None)


class Sources(Field):
    def read(self, event, namer):
        return [
            {
                "title": source.title,
                "publisher": source.publisher,
                "url": link_for_visitors(source.url),
                "published": str(source.published or ""),
                "accessed": source.accessed.isoformat() if source.accessed else "",
                "archived_url": link_for_visitors(source.archived_url),
                "document": namer.name("document", source.document_id) or "",
                "note": source.note,
            }
            for source in event.sources.all()
        ]

    def write(self, event, value, resolver):
        event.sources = [
            self.source(number, SimpleNamespace(**{"title": ""} | fields), resolver)
            for number, fields in enumerate(value)
        ]

    def source(self, number, fields, resolver):
        text = {
            name: str(getattr(fields, name, "") or "")
            for name in ("title", "publisher", "url", "archived_url", "note")
        }
        document = getattr(fields, "document", "")
        source = EventSource(
            sort_order=number,
            published=edtf(getattr(fields, "published", "")),
            accessed=day(getattr(fields, "accessed", "")),
            document=resolver.find("document", document) if document else None,
            **text,
        )
        source.clean_fields(exclude=["owner"])
        return source


class Corrections(Field):
    def read(self, event, namer):
        return [
            {"kind": correction.kind, "date": correction.date.isoformat(), "text": correction.text}
            for correction in event.corrections.all()
        ]

    def write(self, event, value, resolver):
        event.corrections = [
            Correction(
                sort_order=number,
                kind=str(fields.get("kind", "")),
                date=day(fields.get("date")),
                text=str(fields.get("text", "")),
            )
            for number, fields in enumerate(value)
        ]
        for correction in event.corrections.all():
            correction.clean_fields(exclude=["page"])


class Body(Field):
    def read(self, event, namer):
        return namer.body(event)

    def write(self, event, value, resolver):
        event.body = resolver.body(value)


FIELDS = [
    Text("unique_id", gettext_lazy("identity")),
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
    Picture("lead_image"),
    Body("body"),
    Corrections("corrections", gettext_lazy("corrections and updates")),
    Day("last_reviewed"),
    Picture("listing_image"),
    Picture("social_image"),
    Text("seo_title", gettext_lazy("title for search engines")),
    Text("search_description", gettext_lazy("description for search engines")),
    Field("imported", gettext_lazy("original slide")),
]


def read_event(event, namer):
    """
    All of an event as plain data that json can dump.

    :param namer: the Namer that has learned of the event.
    """
    return {field.name: field.read(event, namer) for field in FIELDS}


def write_event(event, record, resolver):
    """
    Put a record, or the parts of one, into an event; nothing is saved.

    :returns: what is wrong with it, as words for the editor; empty if nothing is.
    """
    problems = []
    for field in FIELDS:
        if field.name not in record:
            continue
        try:
            field.write(event, record[field.name], resolver)
        except ValidationError as error:
            problems.append(f"{field.label}: {' '.join(error.messages)}")
        except (AttributeError, KeyError, TypeError, ValueError):
            problems.append(_("%(part)s: this cannot be read.") % {"part": field.label})
    return problems


def edtf(text):
    """A date as our own files have it, or as people write one into them."""
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


def day(text):
    found = edtf(text)
    if found and (found.precision != Precision.DAY or found.approximate):
        raise ValidationError(_("This is not a day: %(text)s.") % {"text": text})
    return found and found.first_day
