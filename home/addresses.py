"""Addresses that the site keeps for itself, so that no page may take them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path
from wagtail.contrib.routable_page.models import RoutablePageMixin


def is_reserved(slug, parent):
    """
    Whether a page of this slug below this parent could never be reached, since a route has its address.

    Asked of the resolvers themselves, so that a new route is reserved from the day it is there.

    :param parent: the Page below which the slug is meant to stand, or None.
    """
    if parent is None or not slug:
        return False
    parent = parent.specific
    if isinstance(parent, RoutablePageMixin) and _answers(parent.resolve_subpage, f"/{slug}/"):
        return True
    *_, page_path = parent.get_url_parts() or ("",)
    if not page_path:
        return False
    path = f"{page_path}{slug}/"
    return (
        any(path.startswith(_folder(url)) for url in (settings.STATIC_URL, settings.MEDIA_URL))
        or get_language_from_path(path) not in (None, get_language_from_path(page_path))
        or _is_a_route(path)
    )


def _is_a_route(path):
    try:
        return resolve(path).url_name != "wagtail_serve"
    except Resolver404:
        return False


def _answers(resolve_subpage, path):
    try:
        resolve_subpage(path)
    except Resolver404:
        return False
    return True


def _folder(url):
    return "/" + urlsplit(url).path.strip("/") + "/"
