"""The names that concerns, partners, categories and events had in addresses before they were renamed."""

import re

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect

from concerns.models import ConcernPage
from home.conditions import any_of
from home.models import PartnerPage
from timeline.models.category import FormerCategorySlug

__all__ = ["current_slugs", "is_slug", "redirects_to"]

PAGE_TYPES = {"concern": ConcernPage, "partner": PartnerPage}
SLUG = re.compile(r"[-\w]{1,255}")
# A link with more unknown names than this was never given out by this site.
MOST_NAMES = 20


def current_slugs(parameter, slugs, known):
    """
    Find out what renamed concerns, partners or categories are called now.

    :param parameter: the name of the filter, such as "concern".
    :param slugs: the names in the address that are not in use now.
    :param known: the slugs that may be chosen now.
    :returns: the slug in use now by each former one. The latest owner of a name keeps it.
    """
    slugs = [slug for slug in slugs if is_slug(slug)][:MOST_NAMES]
    if not slugs:
        return {}
    if parameter == "category":
        former = FormerCategorySlug.objects.filter(slug__in=slugs, category__slug__in=known).order_by("pk")
        return dict(former.values_list("slug", "category__slug"))
    if parameter not in PAGE_TYPES:
        return {}
    redirects = redirects_to(PAGE_TYPES[parameter].objects.filter(slug__in=known), slugs)
    paths = redirects.order_by("pk").values_list("old_path", "redirect_page__slug")
    return {path.rpartition("/")[2]: slug for path, slug in paths}


def redirects_to(pages, slugs):
    """Select Wagtail's redirects to these pages from addresses ending in one of these slugs, newest first."""
    endings = any_of(Q(old_path__endswith=f"/{slug}") for slug in slugs)
    redirects = Redirect.objects.filter(endings, redirect_page__in=pages, redirect_page_route_path="")
    return redirects.order_by("-pk")


def is_slug(text):
    """Tell whether a text can be a slug at all. Odd texts never reach the database."""
    return bool(SLUG.fullmatch(text))
