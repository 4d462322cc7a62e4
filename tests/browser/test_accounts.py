"""The screens of accounts on a phone."""

import pytest

from tests.support import factories
from tests.support.admin_pages import sign_in
from tests.support.people import member

pytestmark = pytest.mark.browser

BEYOND_THE_EDGE = """() => [...document.querySelectorAll("main :is(td, th, select)")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth)
  .map((element) => element.textContent.trim())"""


def test_lists_and_choices_end_at_the_edge_of_a_phone(page, site, django_user_model):
    person = member("Moderators")
    django_user_model.objects.filter(pk=person.pk).update(
        first_name="Maximiliane", last_name="von Hohenfels", email="maximiliane.von.hohenfels@example.org"
    )
    factories.make_event(owner=person, live=False)
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, site, django_user_model)
    for path in ("users/", "account/", f"users/leaving/{person.pk}/"):
        page.goto(f"{site}/admin/{path}")
        assert page.locator("main :is(td, select)").count()
        assert page.evaluate(BEYOND_THE_EDGE) == [], path
