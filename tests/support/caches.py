"""Forget what a process keeps of a site, so that the next test does not see it."""

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from wagtail.contrib.forms.utils import get_form_types

from search.models import known_facets


def empty_caches():
    cache.clear()
    # Primary keys start over in each test.
    known_facets.clear()
    # Tests that empty the database give the content types other IDs.
    ContentType.objects.clear_cache()
    get_form_types.cache_clear()
