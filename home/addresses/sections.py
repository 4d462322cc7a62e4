"""Look-ups of almost every request: the site, its languages, and the pages directly below the home page."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from wagtail.models import Locale, Page, Site

from home.addresses.pages import page_of
from home.kept import kept
from home.kept.prepared import Prepared
from home.privacy import hidden_paths
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
    return tuple(Section(page.title, page.url, page) for page in pages_of_sections(hidden_paths())())


@lru_cache
def pages_of_sections(_hidden_paths):
    """Return the query of the pages of the Sections, in order."""
    pages = BasePageQuerySet(Page).for_visitors().filter(depth=SECTION_DEPTH)
    return Prepared(pages.order_by("path").select_related("locale"))


@kept
def address_at(path):
    """Return the URL of the page at this path of the tree. There must be few different paths."""
    known = (section.address for section in sections() if section.page.path == path)
    return next(known, None) or Page.objects.select_related("locale").get(path=path).url


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
    sites = first_sites()()
    if len(sites) != 1 or not sites[0].is_default_site:
        return None
    root = sites[0].root_page
    if hasattr(root.specific_class, "has_corrections"):
        (sites[0].root_page,) = page_of(root.specific_class)(root.pk)
    return sites[0]


@lru_cache
def first_sites():
    """Return the query of two sites, if there are so many, with their home pages."""
    return Prepared(Site.objects.select_related("root_page__locale")[:2])


find_among_sites = Site._find_for_request


def find_site(request):
    return only_site() or find_among_sites(request)


# Wagtail looks these up in the database or the cache each time.
replace_method(Site, "_find_for_request", staticmethod(find_site))
replace_method(Site, "get_site_root_paths", staticmethod(kept(Site.get_site_root_paths)))
replace_method(type(Locale.objects), "get_for_language", kept(type(Locale.objects).get_for_language))
