"""A new page of each type is previewed with what its form offers."""

import re

import pytest
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import querydict_from_html

from tests.support.pages import PAGE_TYPES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_a_new_page_like_one_that_exists_is_previewed(admin_client, kind):
    make, _budget = PAGE_TYPES[kind]
    page = make()
    form = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    data = querydict_from_html(form, form_id="page-edit-form")
    data["slug"] = "another"
    # A script makes the fields of blocks. The rows of a new page have no keys yet.
    for field in page._meta.fields:
        if isinstance(field, StreamField):
            data[f"{field.name}-count"] = "0"
    for name in data:
        if name.endswith("-INITIAL_FORMS"):
            data[name] = "0"
        elif re.search(r"-\d+-id$", name):
            data[name] = ""
    kind_and_place = page._meta.app_label, page._meta.model_name, page.get_parent().pk
    preview = reverse("wagtailadmin_pages:preview_on_add", args=kind_and_place)
    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    assert page.title in admin_client.get(preview).content.decode()
