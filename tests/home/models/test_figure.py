import pytest

from tests.support import factories

pytestmark = pytest.mark.django_db

NONE = "No figure has numbers for several times yet"


def test_the_page_of_figures_says_that_there_is_no_series_only_while_there_is_none(client):
    page = factories.make_figures_page()
    factories.make_figure(title="Arrests", slug="arrests")
    assert NONE in client.get(page.url).content.decode()
    factories.make_figure([("2018", 590), ("2019", 600)], title="Cases", slug="cases")
    assert NONE not in client.get(page.url).content.decode()
