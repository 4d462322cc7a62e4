"""The fields of an event as plain data that another database can take, for exports and imports alike."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.exchange.field_types import (
    Body,
    Category,
    Corrections,
    Date,
    Day,
    Field,
    Image,
    Pages,
    Sources,
    Text,
)
from timeline.exchange.references.namer import Namer
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage

FIELDS: list[Field] = [
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
    """
    Return all fields of an event as plain data that `json` can write.

    :param namer: must have loaded the event.
    """
    return {field.name: field.read(event, namer) for field in FIELDS}


def write_event(event: EventPage, data: dict[str, Any], resolver: Resolver) -> list[str]:
    """
    Put plain data into the fields of an event that it names. Nothing is saved.

    :returns: problems, in words for the editor.
    """
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
