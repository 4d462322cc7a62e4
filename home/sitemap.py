from functools import reduce
from operator import or_

from django.db.models import Exists, Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from home.querysets import restrictions_on

__all__ = ["PageSitemap"]


def private_copies():
    """The copies of pages that a restriction hides."""
    return Page.objects.filter(Exists(restrictions_on("alias_of__path")), alias_of__isnull=False)


class PageSitemap(Sitemap):
    """Every page that anybody may read, in every language: Wagtail's has those of the first one only."""

    def items(self):
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = reduce(or_, (Q(path__startswith=home.path) for home in homes))
        # A copy that waits for its translation is none.
        pages = Page.objects.filter(below, alias_of=None).live().public()
        # Nor does anybody read what stands below a copy of what is private.
        for path in private_copies().values_list("path", flat=True):
            pages = pages.exclude(path__startswith=path)
        return pages.order_by("path").defer_streamfields().specific()
