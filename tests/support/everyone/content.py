"""Pages for `places` that neither the starter content nor tests/support/awkward.py has."""

import datetime as dt

from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale

from concerns.models import ConcernPage
from home.history.withholding import withhold
from home.models import Correction, DocumentIndexPage, GlossaryPage, PartnerPage
from tests.support import awkward, factories
from tests.support.versions import VERSION, date_back, publish_on
from timeline.models import EventSource, TimelinePage

COPY = 4711


def fill():
    """Add them, and the awkward pages, to the starter content."""
    awkward.fill()
    quoted = {"document": make_record().file, "page": "2", "quote": "It heard a report"}
    cited = [{"url": "https://news.example/shown"}, {"url": "https://news.example/kept"}, quoted]
    event = factories.make_event(
        TimelinePage.objects.get(slug="timeline"),
        title="An event with all that one may have",
        slug="everything",
        date="2020-03",
        place="New Haven",
        concerns=list(ConcernPage.objects.filter(slug="fit")),
        partners=list(PartnerPage.objects.filter(slug="swan")),
        lead_image=factories.make_image(title="Everything", credit="Somebody"),
        last_reviewed="2024-05-06",
        sources=[
            EventSource(**factories.source_fields(sort_order=place, **fields))
            for place, fields in enumerate(cited)
        ],
    )
    # The page of this one has its number in its address.
    words = "What the newspaper said.\n\n" * 3
    factories.make_copy("https://news.example/shown", pk=COPY, is_shown=True, text=words, status=200)
    factories.make_copy("https://news.example/kept")
    date_back("2026-10-01", event)
    event.corrections = [Correction(date="2024-05-06", text="The day was wrong.")]
    event = publish_on("2026-10-10", event, corrections=event.corrections.all())
    event = publish_on("2026-10-20", event, summary="A summary with other words.")
    event = publish_on(VERSION, event, summary="A summary with more words.", place="Hill North, New Haven")
    withhold(event, dt.date(2026, 10, 10), "It named a resident.", user=None)
    factories.make_era(event.get_parent().specific, headline="The pilot", start="2017-11", end="2018-07")
    query = Query.get("lead")
    SearchPromotion.objects.create(query=query, page=GlossaryPage.objects.first(), description="All words.")
    spanish = Locale.objects.get(language_code="es")
    translation = event.get_parent().specific.copy_for_translation(spanish)
    translation.title = "Cronología"
    translation.save_revision().publish()


def make_record():
    """Make a document whose pages can be read on the site."""
    text = "The board met on LEAD.\nIt heard a report."
    file = factories.make_file("minutes.pdf", factories.pdf_file(["First", text, "Last"]).read())
    index = DocumentIndexPage.objects.get(slug="documents")
    return factories.make_document(index, title="Minutes to read here", slug="read-here", file=file)
