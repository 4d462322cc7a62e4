"""Categories that records name, found or made."""

from itertools import chain, count

from django.utils.functional import cached_property
from django.utils.text import slugify

from timeline.models import EventCategory

__all__ = ["Categories"]


class Categories:
    """The categories of a language, those included that are new and not saved yet."""

    def __init__(self, locale):
        self.locale = locale

    def find(self, name):
        """
        The category of this slug, or else of this name; a new one, not saved yet, if there is none.

        :param name: a dictionary with "slug" or "name", and perhaps "description".
        """
        words = str(name.get("name") or name["slug"])
        slug = str(name.get("slug") or "")
        found = self.by_slug.get(slug) or self.by_name.get(words.casefold())
        if found is None:
            found = EventCategory(
                slug=slug or self.free_slug(words),
                name=words,
                description=str(name.get("description") or ""),
                locale=self.locale,
            )
            self.by_slug[found.slug] = self.by_name[words.casefold()] = found
        return found

    @cached_property
    def by_slug(self):
        """The categories by their slugs, present and former."""
        here = list(EventCategory.objects.filter(locale=self.locale).prefetch_related("former_slugs"))
        former = {old.slug: category for category in here for old in category.former_slugs.all()}
        return former | {category.slug: category for category in here}

    @cached_property
    def by_name(self):
        return {category.name.casefold(): category for category in self.by_slug.values()}

    def free_slug(self, words):
        """A slug for a new category. Words in other scripts make none, so it gets a number."""
        wanted = slugify(words)[:90] or "category"
        numbered = (f"{wanted}-{number}" for number in count(len(self.by_slug) + 1))
        return next(slug for slug in chain([wanted], numbered) if slug not in self.by_slug)
