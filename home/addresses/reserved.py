"""Paths of the site's own routes, which no page may take."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import LocalePrefixPattern, Resolver404, get_resolver
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import get_page_models


def is_reserved(slug, parent):
    """Return whether a page with this slug below a page could not be reached, since a route has its path."""
    if parent is None or not slug:
        return False
    parent = parent.specific
    if isinstance(parent, RoutablePageMixin) and _answers(parent.resolve_subpage, f"/{slug}/"):
        # A page that was there before the route is found first, and keeps its address.
        return not parent.get_children().filter(slug=slug).exists()
    if not parent.is_site_root():
        return False
    is_language = get_language_from_path(f"/{slug}/") is not None
    return is_language or slug in _first_words(get_resolver().url_patterns)


def reserved_slug(slug):
    """Return the error for a slug that belongs to a route."""
    return _("The address “%(slug)s” belongs to the site itself. Please choose another one.") % {"slug": slug}


@cache
def names_of_routes():
    """Return the first part of the path of each route that a type of page adds, such as "embed"."""
    models = [model for model in get_page_models() if issubclass(model, RoutablePageMixin)]
    return frozenset().union(*(_first_words(model.get_subpage_urls()) for model in models))


def _first_words(patterns):
    """Return the first part of each path that belongs to a route, a language or a folder of files."""
    folders = (settings.STATIC_URL, settings.MEDIA_URL)
    words = {urlsplit(url).path.strip("/").partition("/")[0] for url in folders}
    for pattern in patterns:
        if isinstance(pattern.pattern, LocalePrefixPattern):
            words |= _first_words(pattern.url_patterns)
        else:
            words.add(str(pattern.pattern).lstrip("^").partition("/")[0])
    return words


def _answers(resolve_subpage, path):
    try:
        resolve_subpage(path)
    except Resolver404:
        return False
    return True
