from functools import reduce
from operator import or_

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from home.querysets import BasePageQuerySet
from home.skipping import each_made

__all__ = ["PageSitemap"]


class PageSitemap(Sitemap):
    """Every page that anybody may read, in every language: Wagtail's has those of the first one only."""

    def items(self):
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = reduce(or_, (Q(path__startswith=home.path) for home in homes))
        # A copy that waits for its translation is none.
        pages = BasePageQuerySet(Page).filter(below, alias_of=None).for_visitors()
        return pages.order_by("path").defer_streamfields().specific()

    def _urls(self, page, protocol, domain):
        # Wagtail's method, but a page that fails does not take the others with it.
        pages = self.paginator.page(page).object_list.iterator()
        found = each_made(lambda page: page.get_sitemap_urls(self.request), pages)
        urls = [url for urls in found for url in urls if url["location"]]
        times = {url.get("lastmod") for url in urls}
        if times and None not in times:
            self.latest_lastmod = max(times)
        return urls
