"""Look-ups of almost every request: the site, its languages, and the pages directly below the home page."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import prefetch_related_objects
from wagtail.models import Locale, Page, Site

from home.kept import kept
from home.querysets import BasePageQuerySet
from home.wagtail_internals import replace_method

# The depth of the pages directly below a home page.
SECTION_DEPTH = 3


class Section(NamedTuple):
    """A public page directly below a home page."""

    title: str
    address: str
    page: Page

    def is_a(self, model):
        """Return whether the page is of a model, such as "ContactPage"."""
        return self.page.specific_class is not None and self.page.specific_class.__name__ == model


@kept
def sections():
    """Return the Sections of all languages and sites, in order."""
    pages = BasePageQuerySet(Page).for_visitors().filter(depth=SECTION_DEPTH).order_by("path")
    return tuple(Section(page.title, page.url, page) for page in pages.select_related("locale"))


@kept
def sections_in(language, site_id):
    """Return a language and its Sections on a site: the default language if the given one has no pages."""
    roots = {
        path.language_code: path.root_path for path in Site.get_site_root_paths() if path.site_id == site_id
    }
    for each in (language, settings.LANGUAGE_CODE, *roots):
        root = roots.get(each)
        below = [section for section in sections() if root and section.page.url_path.startswith(root)]
        if below:
            return each, below
    return settings.LANGUAGE_CODE, []


@kept
def only_site():
    """Return the site with its home page if there is only one, which then answers all requests; or None."""
    sites = Site.objects.select_related("root_page")[:2]
    if len(sites) != 1 or not sites[0].is_default_site:
        return None
    sites[0].root_page = sites[0].root_page.specific
    prefetch_related_objects([sites[0].root_page], "locale", "corrections")
    return sites[0]


find_among_sites = Site._find_for_request


def find_site(request):
    return only_site() or find_among_sites(request)


# Wagtail looks these up in the database or the cache each time.
replace_method(Site, "_find_for_request", staticmethod(find_site))
replace_method(Site, "get_site_root_paths", staticmethod(kept(Site.get_site_root_paths)))
replace_method(type(Locale.objects), "get_for_language", kept(type(Locale.objects).get_for_language))
