"""The lists of figures, terms and categories."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from home.admin.translating.beginning import snippet_models
from home.translating.beginning import begin
from tests.support import factories
from tests.support.people import member

MAKE = {
    "figure": factories.make_figure,
    "glossaryterm": factories.make_term,
    "eventcategory": factories.make_category,
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", snippet_models())
def test_each_row_says_its_language(client, groups, spanish, model):
    """A translation may have the same title as its original."""
    client.force_login(member("Editors"))
    begin(MAKE[model._meta.model_name](), spanish)
    page = BeautifulSoup(client.get(reverse(model.snippet_viewset.get_url_name("list"))).text, "html.parser")
    languages = [row.select("td")[2].get_text(strip=True) for row in page.select("table.listing tbody tr")]
    assert sorted(languages) == ["English", "Spanish"]
