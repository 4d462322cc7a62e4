"""The language of a title is found by its words."""

import pytest
from bs4 import BeautifulSoup

from home.translating.languages import language_of
from tests.support import factories
from timeline.models import EventSource

TITLES = {
    "La policía de New Haven arresta a 14 mujeres": "es",
    "¿Qué pasó con el programa?": "es",
    "Informe sobre el desvío": "es",
    "The Police of El Paso and La Mesa": "en",
    "José Pérez and the City": "en",
    "Yale Daily News": "en",
    "Los Angeles": "en",
    "": "en",
}


@pytest.mark.parametrize(("title", "language"), TITLES.items())
def test_a_title_that_may_be_a_name_is_in_the_first_language(title, language):
    assert language_of(title) == language


@pytest.mark.django_db
def test_a_spanish_source_says_so_on_pages_in_other_languages(client):
    titles = ("City and citizens discuss LEAD", "Informe sobre el desvío")
    sources = [EventSource(title=title, publisher="Diario", sort_order=n) for n, title in enumerate(titles)]
    event = factories.make_event(title="Vote", slug="vote", sources=sources)
    for page in (factories.make_home(), factories.make_timeline(), event):
        factories.make_translation(page)
    for address, languages in {"/timeline/vote/": [None, "es"], "/es/timeline/vote/": ["en", None]}.items():
        page = BeautifulSoup(client.get(address).content, "html.parser")
        for name in ("title", "publisher"):
            found = page.select(f".source-list .source-{name}")
            assert [each.get("lang") for each in found] == languages, (address, name)
