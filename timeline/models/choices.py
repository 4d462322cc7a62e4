"""The choices of the filters of events: categories, public concerns and public partners."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Value

from concerns.models import ConcernPage
from home.kept import kept
from home.kept.prepared import Parameter, Prepared
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
    return by_event(chosen(model, eventpage__in=keys) if keys else [])


def choices_of_one(model, key):
    """Return the public concerns and the public partners of an event, as Choices."""
    concerns, partners = by_event(chosen_by_one(model)(key))
    return concerns[key], partners[key]


def chosen(model, **which):
    """Return a queryset of the keys of events, those of their concerns and partners, and which of the two."""
    concerns, partners = (
        relation.through.objects.filter(**which).values_list("eventpage_id", f"{name}page_id", Value(name))
        for name, relation in (("concern", model.concerns), ("partner", model.partners))
    )
    return concerns.union(partners, all=True)


@lru_cache
def chosen_by_one(model):
    return Prepared(chosen(model, eventpage=Parameter(0)))


def by_event(pairs):
    choices, found = all_choices(), {"concern": defaultdict(list), "partner": defaultdict(list)}
    places = {pk: place for place, pk in enumerate([*choices["concern"], *choices["partner"]])}
    shown = [row for row in pairs if row[1] in places]
    for event, pk, name in sorted(shown, key=lambda row: places[row[1]]):
        found[name][event].append(choices[name][pk])
    return found["concern"], found["partner"]
