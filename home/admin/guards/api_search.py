"""
Keep the admin's API for pages from searching texts: who may not read a draft could learn its words that way.

The API ignores `search` then. No screen uses it; those that search pages look at titles only.
"""

from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.filters import SearchFilter

PagesAdminAPIViewSet.filter_backends = [
    each for each in PagesAdminAPIViewSet.filter_backends if each is not SearchFilter
]
