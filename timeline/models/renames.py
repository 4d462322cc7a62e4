"""The slugs that concerns, partners, categories and events had before they were renamed."""

import re

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect

from concerns.models import ConcernPage
from home.conditions import any_of
from home.models import PartnerPage
from timeline.models.category import FormerCategorySlug

PAGE_TYPES = {"concern": ConcernPage, "partner": PartnerPage}
SLUG = re.compile(r"[-\w]{1,255}")
# The number of unknown slugs in a query string that are looked up. The rest match nothing.
MAX_SLUGS = 20


def current_slugs(parameter, slugs, choices):
    """
    Return current slugs by former ones. If several pages had a slug, the last one counts.

    :param parameter: the name of the filter, such as "concern".
    :param slugs: slugs that are not in use now.
    :param choices: the slugs that can be chosen now.
    """
    slugs = [slug for slug in slugs if is_slug(slug)][:MAX_SLUGS]
    if not slugs:
        return {}
    if parameter == "category":
        former = FormerCategorySlug.objects.filter(slug__in=slugs, category__slug__in=choices).order_by("pk")
        return dict(former.values_list("slug", "category__slug"))
    if parameter not in PAGE_TYPES:
        return {}
    redirects = redirects_to(PAGE_TYPES[parameter].objects.filter(slug__in=choices), slugs)
    paths = redirects.order_by("pk").values_list("old_path", "redirect_page__slug")
    return {path.rpartition("/")[2]: slug for path, slug in paths}


def redirects_to(pages, slugs):
    """Select Wagtail's redirects to these pages from URLs that end in one of these slugs, newest first."""
    endings = any_of(Q(old_path__endswith=f"/{slug}") for slug in slugs)
    redirects = Redirect.objects.filter(endings, redirect_page__in=pages, redirect_page_route_path="")
    return redirects.order_by("-pk")


def is_slug(text):
    """Return whether a text can be a slug. Other texts are never looked up in the database."""
    return bool(SLUG.fullmatch(text))
