"""Categories that an exchange file names, found or made."""

from itertools import chain, count
from typing import Any

from django.utils.functional import cached_property
from django.utils.text import slugify
from wagtail.models import Locale

from timeline.models import EventCategory


class Categories:
    """The categories of a language, including new ones that are not saved yet."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def find(self, name: dict[str, Any]) -> EventCategory:
        """
        Return the category with this slug, or else this name, or else a new one that is not saved.

        If a category in another language has the slug, its translation is meant.
        """
        title = str(name.get("name") or name["slug"])
        slug = str(name.get("slug") or "")
        key = self.keys_elsewhere.get(slug)
        found = self.by_slug.get(slug) or self.by_key.get(key) or self.by_name.get(title.casefold())
        if found is None:
            found = EventCategory(
                slug=slug or self.free_slug(title),
                name=title,
                description=str(name.get("description") or ""),
                locale=self.locale,
                **({"translation_key": key} if key else {}),
            )
            self.by_slug[found.slug] = self.by_name[title.casefold()] = found
        return found

    @cached_property
    def by_slug(self) -> dict[str, EventCategory]:
        """The categories by their current and former slugs."""
        here = list(EventCategory.objects.filter(locale=self.locale).prefetch_related("former_slugs"))
        former = {old.slug: category for category in here for old in category.former_slugs.all()}
        return former | {category.slug: category for category in here}

    @cached_property
    def by_key(self) -> dict[Any, EventCategory]:
        return {category.translation_key: category for category in self.by_slug.values()}

    @cached_property
    def keys_elsewhere(self) -> dict[str, Any]:
        """The translation keys of the categories in other languages, by slug."""
        elsewhere = EventCategory.objects.exclude(locale=self.locale)
        return dict(elsewhere.values_list("slug", "translation_key"))

    @cached_property
    def by_name(self) -> dict[str, EventCategory]:
        return {category.name.casefold(): category for category in self.by_slug.values()}

    def free_slug(self, name: str) -> str:
        """Return an unused slug for a new category. Names without Latin letters get a numbered one."""
        wanted = slugify(name)[:90] or "category"
        numbered = (f"{wanted}-{number}" for number in count(len(self.by_slug) + 1))
        return next(slug for slug in chain([wanted], numbered) if slug not in self.by_slug)
