"""The choices of the filters of events: categories, public concerns and public partners."""

from dataclasses import dataclass

from concerns.models import ConcernPage
from home.kept import kept
from home.models import PartnerPage
from timeline.models.category import EventCategory


@dataclass(frozen=True, slots=True)
class Choice:
    """A category, concern or partner. `name` is its short name, if it has one. A category has no `url`."""

    pk: int
    slug: str
    title: str
    name: str
    url: str
    locale_id: int


@kept
def all_choices():
    """Return dictionaries of the Choices by their primary keys, in order, for each of SLUG_FILTERS."""
    categories = EventCategory.objects.filter(live=True)
    concerns = ConcernPage.objects.for_visitors().in_order().select_related("locale")
    partners = PartnerPage.objects.for_visitors().in_order().select_related("locale")
    return {
        "category": {
            each.pk: Choice(each.pk, each.slug, each.name, each.name, "", each.locale_id)
            for each in categories
        },
        "concern": {page.pk: choice_of(page, page.title) for page in concerns},
        "partner": {page.pk: choice_of(page, page.short_name or page.title) for page in partners},
    }


def choice_of(page, name):
    return Choice(page.pk, page.slug, page.title, name, page.url, page.locale_id)
