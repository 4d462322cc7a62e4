"""The kinds of things that a visitor can find: what each is called, and where it is seen."""

from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from concerns.models import ConcernPage
from home.models import (
    BasePage,
    DocumentPage,
    Figure,
    FiguresPage,
    GlossaryPage,
    GlossaryTerm,
    PartnerPage,
)
from timeline.models import EventPage


@dataclass(frozen=True)
class Kind:
    """One kind; `slug` is its value in the query string and its mark in the index."""

    slug: str
    model: type[Model]
    label: str
    plural: str
    # The field that says in a sentence or two what it is.
    summary: str = "summary"
    # The beginning of the mark at its place in a page.
    anchor: str = ""
    # The type of page that shows it, where it has none of its own.
    page: type[Model] | None = None


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("event", EventPage, _("Event"), _("Events"), anchor="event"),
        Kind("concern", ConcernPage, _("Concern"), _("Concerns")),
        Kind("record", DocumentPage, _("Record"), _("Records")),
        Kind("figure", Figure, _("Figure"), _("Figures"), "description", "figure", FiguresPage),
        Kind("partner", PartnerPage, _("Partner"), _("Partners")),
        Kind("term", GlossaryTerm, _("Term"), _("Terms"), "definition", "term", GlossaryPage),
        # Last, since every other page is one too.
        Kind("page", BasePage, _("Page"), _("Pages")),
    )
}


def kind_of(model):
    """The kind of a model, or None for what only editors find, such as a picture."""
    return next((kind for kind in KINDS.values() if issubclass(model, kind.model)), None)
