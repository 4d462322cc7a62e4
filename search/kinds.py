"""The kinds of objects that visitors can find."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns.models import ConcernPage
from home.models import BasePage, DocumentPage, Figure, FiguresPage, GlossaryPage, GlossaryTerm, PartnerPage
from timeline.models import EventPage


@dataclass(frozen=True)
class Kind:
    """A kind of object. `slug` is its value in query strings and in the marks of the index."""

    slug: str
    model: Any
    label: str | Promise
    plural: str | Promise
    # The field with one or two sentences about the object.
    summary: str = "summary"
    # The prefix of its anchor on a page.
    anchor: str = ""
    # The type of page that shows it, if it isn't a page itself.
    page: Any = None


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("event", EventPage, _("Event"), _("Events"), anchor="event"),
        Kind("concern", ConcernPage, _("Concern"), _("Concerns")),
        # Links to results use this slug, so it keeps its old name.
        Kind("record", DocumentPage, _("Document"), _("Documents")),
        Kind("figure", Figure, _("Figure"), _("Figures"), "description", "figure", FiguresPage),
        Kind("partner", PartnerPage, _("Partner"), _("Partners")),
        Kind("term", GlossaryTerm, _("Term"), _("Terms"), "definition", "term", GlossaryPage),
        # The last one, since all pages are instances of it.
        Kind("page", BasePage, _("Page"), _("Pages")),
    )
}


def kind_of(model: type) -> Kind | None:
    """Return the kind of a model, or None if only editors can find it, such as an image."""
    return next((kind for kind in KINDS.values() if issubclass(model, kind.model)), None)
