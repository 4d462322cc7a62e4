"""The form of an event offers what is in its language."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale

from tests.support import factories
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db


def offered(client, address):
    tree = BeautifulSoup(client.get(address).content, "html.parser")
    categories = [option.text.strip() for option in tree.select("[name=category] option[value!='']")]
    return categories, [box.parent.text.strip() for box in tree.select("[name=concerns]")]


def test_categories_and_concerns_are_in_the_language_of_the_event(admin_client):
    event = factories.make_event(concerns=[factories.make_concern(title="People wait")])
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    factories.make_category(slug="politica", locale=spanish)
    event.concerns.first().copy_for_translation(spanish, copy_parents=True)
    add = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", event.get_parent().pk])
    edit = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert offered(admin_client, add) == offered(admin_client, edit) == (["Policy"], ["People wait"])


def test_what_was_chosen_in_another_language_stays(admin_client):
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    event = factories.make_event(category=factories.make_category(slug="politica", locale=spanish))
    categories, _concerns = offered(admin_client, reverse("wagtailadmin_pages:edit", args=[event.pk]))
    assert "Politica" in categories


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_event_is_previewed_with_the_category_of_its_language(admin_client, language):
    timeline, locale = factories.make_timeline(), Locale.objects.get_or_create(language_code=language)[0]
    category = factories.make_category(name="Agreement", slug="agreement", locale=locale)
    if locale != timeline.locale:
        timeline = timeline.copy_for_translation(locale, copy_parents=True)
    address = reverse("wagtailadmin_pages:preview_on_add", args=["timeline", "eventpage", timeline.pk])
    answer = admin_client.post(address, form_of(None, category=category.pk)).json()
    assert answer == {"is_valid": True, "is_available": True}
    preview = BeautifulSoup(admin_client.get(address).content, "html.parser")
    assert "Agreement" in preview.main.text
    assert preview.html["lang"] == language
