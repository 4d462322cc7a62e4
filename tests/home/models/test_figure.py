import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale

from home.models import Figure, FigureValue
from home.translating.beginning import begin
from search.index.texts import texts_of
from tests.support import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db

NONE = "No figure has numbers for several times yet"


def test_the_page_of_figures_says_that_there_is_no_series_only_while_there_is_none(client):
    page = factories.make_figures_page()
    factories.make_figure(title="Arrests", slug="arrests")
    assert NONE in client.get(page.url).content.decode()
    factories.make_figure([("2018", 590), ("2019", 600)], title="Cases", slug="cases")
    assert NONE not in client.get(page.url).content.decode()


@pytest.fixture
def translation(groups):
    figure = factories.make_figure(title="Arrests", breakdown="neighborhood")
    figure.values = [
        FigureValue(group=group, value=1, period_start="2018") for group in ("Downtown", "Hill North")
    ]
    figure.save_revision().publish()
    return begin(Figure.objects.get(pk=figure.pk), Locale.objects.get_or_create(language_code="es")[0])


def address(figure):
    return reverse(Figure.snippet_viewset.get_url_name("edit"), args=[figure.pk])


def inputs_of(client, figure):
    page = BeautifulSoup(client.get(address(figure)).content, "html.parser")
    return [
        (label.text, label["lang"], field["name"], field["lang"], field.get("value"))
        for label in page.select(".lw-words label")
        for field in page.select(f"[id='{label['for']}']")
    ]


def test_a_translator_enters_the_name_of_each_group_once(client, translation):
    client.force_login(member("Moderators"))
    first, second = "group_words_Downtown", "group_words_Hill North"
    assert inputs_of(client, translation) == [
        ("Downtown", "en", first, "es", None),
        ("Hill North", "en", second, "es", None),
    ]
    words = {"title": "Arrestos", "slug": "arrestos", first: " El centro ", second: "", "action-publish": "1"}
    assert client.post(address(translation), words).status_code == 302
    translation = Figure.objects.get(pk=translation.pk)
    assert (translation.live, translation.group_words) == (True, {"Downtown": "El centro"})
    assert inputs_of(client, translation)[0] == ("Downtown", "en", first, "es", "El centro")
    assert "Names of the groups" in client.get(address(translation)).content.decode()
    assert [str(each) for each in texts_of(translation)["body"]].count("El centro") == 1


def test_reviewers_read_the_names_of_groups_line_by_line(client, translation):
    client.force_login(member("Moderators"))
    translation.group_words = {"Downtown": "El centro"}
    revisions = [translation.save_revision()]
    translation.group_words = {"Downtown": "El centro", "Hill North": "Loma Norte"}
    revisions.append(translation.save_revision())
    name = Figure.snippet_viewset.get_url_name("revisions_compare")
    page = client.get(reverse(name, args=[translation.pk, *(each.pk for each in revisions)])).content.decode()
    assert "Hill North: Loma Norte" in page
    assert "{" + "&#x27;Downtown" not in page


def test_the_original_has_no_fields_for_words(client, translation):
    client.force_login(member("Moderators"))
    original = Figure.objects.get(locale__language_code="en")
    assert inputs_of(client, original) == []
    assert 'name="values-TOTAL_FORMS"' in client.get(address(original)).content.decode()
