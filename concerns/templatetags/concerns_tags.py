"""What templates of every app need from `concerns`."""

from django import template
from django.utils.translation import get_language

from concerns.models import ConcernPage

register = template.Library()


@register.simple_tag
def key_concerns():
    """The concerns that anybody may see, in the editors' order, in the active language."""
    return ConcernPage.objects.for_visitors().filter(locale__language_code=get_language()).in_order()
