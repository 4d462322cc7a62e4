"""The tests in this folder cover every page type."""

import pytest
from wagtail.models import Page, get_page_models

from tests.support.everyone.places import PLACES

pytestmark = pytest.mark.browser


def test_places_contain_every_page_type(everything):
    addresses = {everything + where for where in PLACES.values() if not callable(where)}
    types = {model for model in get_page_models() if model is not Page}
    assert {type(page) for page in Page.objects.live().specific() if page.full_url in addresses} == types
