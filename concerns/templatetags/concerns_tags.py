"""Template tags for concerns."""

from functools import lru_cache

from django import template
from django.utils.translation import get_language

from concerns.models import ConcernPage
from home.kept.prepared import Prepared
from home.privacy import hidden_paths

register = template.Library()


@register.simple_tag
def key_concerns():
    """Return the public concerns in the active language, in the editors' order."""
    return concerns_in(get_language(), hidden_paths())()


@lru_cache
def concerns_in(language, _hidden_paths):
    """Return the query of the public concerns in a language."""
    concerns = ConcernPage.objects.few().for_visitors().in_language(language).in_order()
    return Prepared(concerns.only("title", "slug", "summary", "url_path"))
