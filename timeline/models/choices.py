"""The choices of the filters of events: categories, public concerns and public partners."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from django.db.models import Value
from wagtail.models import Page

from concerns.models import ConcernPage
from home.addresses.sections import address_at
from home.kept import kept
from home.kept.prepared import Parameters, Prepared
from home.models import PartnerPage
from home.privacy import hidden_paths
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
    found = {name: query() for name, query in rows_of_choices(hidden_paths()).items()}
    paths = {row[0][: -Page.steplen] for name in ("concern", "partner") for row in found[name]}
    parents = {path: address_at(path) for path in paths} | {"": ""}
    choices = {name: [choice_of(parents, *row) for row in rows] for name, rows in found.items()}
    return {name: {each.pk: each for each in made if each} for name, made in choices.items()}


@lru_cache
def rows_of_choices(_hidden_paths):
    """Return the queries of what `choice_of` takes, for each of SLUG_FILTERS."""
    page = ("path", "pk", "slug", "title", "locale_id")
    concerns = ConcernPage.objects.for_visitors().in_order()
    partners = PartnerPage.objects.for_visitors().in_order()
    categories = EventCategory.objects.filter(live=True)
    return {
        "category": Prepared(categories.values_list(Value(""), "pk", "slug", "name", "locale_id")),
        "concern": Prepared(concerns.values_list(*page)),
        "partner": Prepared(partners.values_list(*page, "short_name")),
    }


def choice_of(parents, path, pk, slug, title, locale_id, short_name=""):
    """Return a Choice, or None for a page outside of all sites."""
    parent = parents[path[: -Page.steplen]]
    if parent is None:
        return None
    url = f"{parent}{quote(slug)}/" if path else ""
    return Choice(pk, slug, title, short_name or title, url, locale_id)


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
