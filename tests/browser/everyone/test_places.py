"""No type of page is left out of what is looked at here."""

import pytest
from wagtail.models import Page, get_page_models

from tests.support.everyone.places import PLACES

pytestmark = pytest.mark.browser


def test_there_is_a_place_of_every_type_of_page(everything):
    addresses = {everything + where for where in PLACES.values() if not callable(where)}
    types = {model for model in get_page_models() if model is not Page}
    assert {type(page) for page in Page.objects.live().specific() if page.full_url in addresses} == types
