"""The results that editors recommend for a query."""

from django.db.models import Q
from django.http import HttpRequest
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Locale, Page

from home.external_links.validation import is_link
from home.querysets import BasePageQuerySet
from search.results.result import Result
from search.text.query import Query


def promoted_results(query: Query, locale: Locale, request: HttpRequest | None = None) -> list[Result]:
    """Return the recommended results, without pages that are not public."""
    of_query = SearchPromotion.objects.filter(query__query_string=query.text.lower())
    public = BasePageQuerySet(Page).for_visitors().filter(locale=locale)
    promotions = of_query.filter(Q(page__isnull=True) | Q(page__in=public)).select_related("page")
    return [
        Result(
            kind="",
            title=promotion.title,
            address=promotion.page.get_url(request) if promotion.page else promotion.external_link_url,
            passage=promotion.description,
            is_promoted=True,
        )
        for promotion in promotions
        if promotion.page or is_link(promotion.external_link_url)
    ]
