"""The pages that visitors may find, and the pages on which they see other objects."""

from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from home.conditions import below
from home.querysets import BasePageQuerySet
from search.kinds import Kind


def public_pages() -> BasePageQuerySet:
    """
    Select the pages of the site that everyone may read. Aliases are left out, since they are duplicates.
    """
    roots = Page.objects.filter(sites_rooted_here__isnull=False).values("translation_key")
    paths = Page.objects.filter(translation_key__in=roots).values_list("path", flat=True)
    return BasePageQuerySet(Page).filter(below(paths), alias_of__isnull=True).for_visitors()


def public_places(kind: Kind | None, instances: Iterable[Any]) -> dict[int, int]:
    """Return the primary keys of the public pages that show the objects, by the objects' primary keys."""
    if kind is None:
        return {}
    if kind.page is None:
        pks = [instance.pk for instance in instances]
        return {pk: pk for pk in public_pages().filter(pk__in=pks).values_list("pk", flat=True)}
    pages = dict(public_pages().type(kind.page).values_list("locale_id", "pk"))
    return {each.pk: pages[each.locale_id] for each in instances if each.locale_id in pages}
