"""Template tags for concerns."""

from django import template
from django.utils.translation import get_language

from concerns.models import ConcernPage

register = template.Library()


@register.simple_tag
def key_concerns():
    """Return the public concerns in the active language, in the editors' order."""
    concerns = ConcernPage.objects.for_visitors().filter(locale__language_code=get_language()).in_order()
    return concerns.only("title", "slug", "summary", "url_path")
