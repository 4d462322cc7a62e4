"""Pages for `places` that neither the starter content nor tests/support/awkward.py has."""

from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale

from concerns.models import ConcernPage
from home.models import Correction, GlossaryPage, PartnerPage
from tests.support import awkward, factories
from timeline.models import TimelinePage


def fill():
    """Add them, and the awkward pages, to the starter content."""
    awkward.fill()
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
    )
    event.corrections = [Correction(date="2024-05-06", text="The day was wrong.")]
    event.save_revision().publish()
    factories.make_era(event.get_parent().specific, headline="The pilot", start="2017-11", end="2018-07")
    query = Query.get("lead")
    SearchPromotion.objects.create(query=query, page=GlossaryPage.objects.first(), description="All words.")
    spanish = Locale.objects.get(language_code="es")
    translation = event.get_parent().specific.copy_for_translation(spanish)
    translation.title = "Cronología"
    translation.save_revision().publish()
