from functools import reduce
from operator import or_

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from home.querysets import BasePageQuerySet

__all__ = ["PageSitemap"]


class PageSitemap(Sitemap):
    """Every page that anybody may read, in every language: Wagtail's has those of the first one only."""

    def items(self):
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = reduce(or_, (Q(path__startswith=home.path) for home in homes))
        # A copy that waits for its translation is none.
        pages = BasePageQuerySet(Page).filter(below, alias_of=None).for_visitors()
        return pages.order_by("path").defer_streamfields().specific()
