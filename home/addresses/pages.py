"""Queries that find pages by their path or primary key."""

from functools import lru_cache

from wagtail.models import Page

from home.kept.prepared import Parameter, Parameters, Prepared


@lru_cache
def pages_on_path():
    """Return the query of the pages with one of some slugs, which have an index, and one of some paths."""
    pages = Page.objects.filter(slug__in=Parameters(0), url_path__in=Parameters(1))
    return Prepared(pages.order_by("depth"))


@lru_cache
def page_of(model):
    """Return the query of a page of a model by its primary key."""
    return Prepared(model.objects.for_serving().filter(pk=Parameter(0)))


@lru_cache
def page_at_path(model):
    """Return the query of a page of a model by its slug and path."""
    return Prepared(model.objects.for_serving().filter(slug=Parameter(0), url_path=Parameter(1)))
