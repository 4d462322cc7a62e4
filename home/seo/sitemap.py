"""The sitemap of all languages."""

from collections import defaultdict

from django.conf import settings
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page, Site

from home.conditions import below
from home.kept import kept
from home.querysets import BasePageQuerySet
from home.skipping import each_made


class PageSitemap(Sitemap):
    """All public pages in all languages. Wagtail's own sitemap has the first language only."""

    def items(self):
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        paths = homes.values_list("path", flat=True)
        # Untranslated aliases don't count as translations.
        pages = BasePageQuerySet(Page).filter(below(paths), alias_of=None).for_visitors()
        return pages.order_by("path")

    def get_urls(self, page=1, site=None, protocol=None):
        """Return the entries as Wagtail does, but skip pages that raise an error."""
        # Their own fields are not needed, and would take a query for each type of page.
        pages = (page.specific_deferred for page in self.paginator.page(page).object_list.iterator())
        found = each_made(lambda page: page.get_sitemap_urls(self.request), pages)
        urls = [url for urls in found for url in urls if url["location"]]
        times = {url.get("lastmod") for url in urls}
        if times and None not in times:
            self.latest_lastmod = max(times)
        return urls


def alternates(page, request):
    """Return a page's public translations, itself included, as the sitemap names them; [] if it has none."""
    if len(languages()) < 2:
        return []
    return hreflangs(translations_among(public_translations(request)[page.translation_key], page), request)


def hreflangs(translations, request=None):
    """Return the languages and the addresses of translations. Readers of other languages get the first."""
    found = [
        {"lang_code": page.locale.language_code, "location": page.get_full_url(request)}
        for page in translations
    ]
    return found + [
        each | {"lang_code": "x-default"} for each in found if each["lang_code"] == settings.LANGUAGE_CODE
    ]


def link_header(page, route):
    """Return the header that names the same route of a page's translations; the empty string without any."""
    found = hreflangs(public_translations_of(page))
    return ", ".join(
        f'<{each["location"]}{route}>; rel="alternate"; hreflang="{each["lang_code"]}"' for each in found
    )


def public_translations_of(page):
    """Return a page's public translations, itself included; [] if it has none."""
    if len(languages()) < 2:
        return []
    pages = BasePageQuerySet(Page).for_visitors().filter(translation_key=page.translation_key)
    return translations_among(pages.select_related("locale").order_by("path"), page)


def translation_of(page, language):
    """Return the public translation of a page in a language, or itself without one."""
    found = (each for each in public_translations_of(page) if each.locale.language_code == language)
    return next(found, page)


@kept
def languages():
    """Return the languages that have pages."""
    return frozenset(path.language_code for path in Site.get_site_root_paths())


def translations_among(pages, page):
    """Return a page and its translations, or [] if it has none. Untranslated aliases don't count."""
    found = [
        other
        for other in pages
        if other.translation_key == page.translation_key
        and (other.alias_of_id is None or other.pk == page.pk)
    ]
    return found if len(found) > 1 else []


def public_translations(request):
    """Return all public pages by their translation key. The request for a sitemap, if any, keeps them."""
    if not hasattr(request, "public_translations"):
        pages = defaultdict(list)
        for page in BasePageQuerySet(Page).for_visitors().select_related("locale"):
            pages[page.translation_key].append(page)
        if request is None:
            return pages
        request.public_translations = pages
    return request.public_translations
