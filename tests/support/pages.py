"""A factory and a query budget for every page type."""

import datetime as dt

from django.db import models
from wagtail.fields import StreamField
from wagtail.rich_text import RichText

from home.dates import parsing
from home.dates.fields import PreciseDateField
from home.models import Correction, SiteDocument, SiteImage
from tests.support import factories

# The factory and the maximum number of queries of each page type. The first request of a process also fills
# caches, so the budget is that of the second one.
PAGE_TYPES = {
    "home": (factories.make_home, 10),
    "overview": (factories.make_overview, 10),
    "standard": (factories.make_standard_page, 10),
    "concern index": (factories.make_concern_index, 10),
    "concern": (factories.make_concern, 10),
    "timeline": (factories.make_timeline, 20),
    "event": (factories.make_event, 10),
    "document index": (factories.make_document_index, 10),
    "document": (factories.make_document, 8),
    "figures": (factories.make_figures_page, 10),
    "glossary": (factories.make_glossary, 10),
    "partner index": (factories.make_partner_index, 10),
    "partner": (factories.make_partner, 8),
    "contact": (factories.make_contact, 10),
}


# Fields that the contact form uses for mail and never shows.
FOR_MAIL = {"to_address", "from_address", "subject"}


def make_neighbors():
    """Make one page of each type, so that every page has something to link to. Return an event."""
    concern, partner = factories.make_concern(), factories.make_partner()
    event = factories.make_event(concerns=[concern], partners=[partner])
    factories.make_event(date="2018-01", concerns=[concern], partners=[partner])
    factories.make_overview()
    factories.make_document()
    factories.make_figures_page()
    factories.make_figure()
    factories.make_glossary()
    factories.make_term()
    factories.make_contact()
    factories.make_standard_page()
    return event


def fill_in(page):
    """
    Fill in every optional field that the site adds to a page, and publish it.

    :returns: the words that visitors must see, by field name.
    """
    image, document = factories.make_image(), factories.make_file()
    words = {}
    for field in page._meta.local_fields:
        if not (field.blank and field.editable) or field.name in FOR_MAIL:
            continue
        if field.is_relation:
            setattr(page, field.name, {SiteImage: image, SiteDocument: document}[field.related_model])
        elif isinstance(field, StreamField):
            page.body = [("text", RichText("<p>Words of the body</p>"))]
            words[field.name] = "Words of the body"
        elif isinstance(field, PreciseDateField):
            setattr(page, field.name, parsing.parse("August 2031"))
            words[field.name] = "August 2031"
        elif isinstance(field, models.DateField):
            setattr(page, field.name, dt.date(2033, 7, 4))
            words[field.name] = "July 4, 2033"
        else:
            words[field.name] = (
                "https://example.org/there" if isinstance(field, models.URLField) else f"In {field.name}"
            )
            setattr(page, field.name, words[field.name])
    page.corrections = [Correction(date=dt.date(2024, 5, 6), text="The day was wrong.")]
    page.save_revision().publish()
    return words
