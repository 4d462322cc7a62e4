"""Names of groups are shown in the reader's language, and otherwise marked."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.models import Locale

from home.graphics.charts import chart_of, table_of
from home.models import FigureValue
from tests.support import factories

pytestmark = pytest.mark.django_db

GROUPS = ("Downtown", "Hill North")


@pytest.fixture
def original(db):
    figure = factories.make_figure(title="Arrests", breakdown="neighborhood")
    figure.values = [
        FigureValue(group=group, value=value, period_start=year)
        for year in ("2018", "2019")
        for group, value in zip(GROUPS, (590, 12), strict=True)
    ]
    figure.save()
    return figure


@pytest.fixture
def spanish(original):
    translation = factories.make_translation(
        original, title="Arrestos", group_words={"Downtown": "El centro"}
    )
    translation.values = [
        FigureValue(group=each.group, value=each.value, period_start=each.period_start)
        for each in original.values.all()
    ]
    translation.save()
    return translation


def html_of(figure, form=""):
    shown = {"caption": figure.title, "chart": chart_of(figure, form), "table": table_of(figure)}
    return render_to_string("components/chart.html", {"figure": figure} | shown)


@pytest.mark.parametrize("form", ["lines", "panels", "bars"])
def test_charts_show_the_words_of_their_language(original, spanish, form):
    with override("es"):
        words = re.findall("<text[^>]*>(.*?)</text>", html_of(spanish, form))
    assert any(each.startswith("El centro") for each in words)
    assert any(each.startswith("Hill North") for each in words)
    assert not any("Downtown" in each for each in words)
    assert "El centro" not in html_of(original, form)


def test_a_table_marks_what_is_not_translated(original, spanish):
    with override("es"):
        html = html_of(spanish)
        assert '<th scope="col">El centro</th>' in html
        assert '<th scope="col" lang="en">Hill North</th>' in html
        spanish.values = [each for each in spanish.values.all() if str(each.period_start) == "2018"]
        rows = html_of(spanish)
    assert '<th scope="row">El centro</th>' in rows
    assert '<th scope="row" lang="en">Hill North</th>' in rows
    assert 'lang="' not in html_of(original)


def test_a_description_names_no_group_that_the_voice_would_read_wrongly(original, spanish):
    def description(figure):
        return chart_of(figure, "bars").description

    with override("es"):
        assert "590 (El centro, 2018)" in description(spanish)
        spanish.group_words = {}
        assert "590 (2018)" in description(spanish)
        assert "590 (2018)" in description(original)
    assert "590 (Downtown, 2018)" in description(original)


def test_a_figure_that_is_no_translation_has_words_of_its_own(original):
    locale = Locale.objects.get_or_create(language_code="es")[0]
    figure = factories.make_figure(title="Arrestos", locale=locale)
    figure.values = [FigureValue(group=group, value=1) for group in ("El centro", "La Loma")]
    figure.save()
    with override("es"):
        assert 'lang="' not in html_of(figure).partition("<table>")[2].partition("</table>")[0]
        assert "1 (El centro)" in chart_of(figure).description
