"""The choices of the filters of events: categories, public concerns and public partners."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Value

from concerns.models import ConcernPage
from home.kept import kept
from home.kept.prepared import Parameters, Prepared
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


def choices_of(model, keys):
    """Return the Choices of events by their primary key: the public concerns, and the public partners."""
    found = {"concern": defaultdict(list), "partner": defaultdict(list)}
    if keys:
        choices = all_choices()
        places = {pk: place for place, pk in enumerate([*choices["concern"], *choices["partner"]])}
        shown = [row for row in chosen_for(model)(keys) if row[1] in places]
        for event, pk, name in sorted(shown, key=lambda row: places[row[1]]):
            found[name][event].append(choices[name][pk])
    return found["concern"], found["partner"]


@lru_cache
def chosen_for(model):
    """Return the query of the keys of events, those of their concerns and partners, and which of the two."""
    concerns, partners = (
        relation.through.objects.filter(eventpage__in=Parameters(0)).values_list(
            "eventpage_id", f"{name}page_id", Value(name)
        )
        for name, relation in (("concern", model.concerns), ("partner", model.partners))
    )
    return Prepared(concerns.union(partners, all=True))
