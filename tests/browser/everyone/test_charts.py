"""People who cannot see a chart can read its numbers."""

import pytest

from home.models import Figure
from tests.support.everyone.places import PLACES

pytestmark = pytest.mark.browser

# Return the name, the text and the table cells of each drawing.
CHARTS = """() => [...document.querySelectorAll("figure svg[role=img]")].map(drawing => ({
  name: drawing.querySelector("title")?.textContent.trim(),
  says: drawing.querySelector("desc")?.textContent.trim(),
  words: [...drawing.querySelectorAll("text")].map(each => each.textContent.trim()),
  shapes: drawing.querySelectorAll("circle, rect").length,
  cells: [...(drawing.closest("figure").querySelector("table")?.querySelectorAll("tbody tr") ?? [])]
    .map(row => [...row.cells].map(each => each.textContent.trim())),
}))"""


@pytest.mark.parametrize("place", ["figures", "every block"])
def test_every_chart_has_a_table_with_all_its_numbers(page, everything, place):
    page.goto(everything + PLACES[place])
    charts = page.evaluate(CHARTS)
    assert len(charts) >= 3
    for chart in charts:
        assert chart["name"]
        assert chart["says"]
        assert len(chart["cells"]) == chart["shapes"] > 1
        assert all(row[0] and row[-1] for row in chart["cells"])


def test_the_tables_contain_every_published_number(page, everything):
    page.goto(everything + PLACES["figures"])
    figures = Figure.objects.filter(live=True, locale__language_code="en")
    assert figures.count() > 5
    for figure in figures:
        cells = page.locator(f"#figure-{figure.slug} table tbody tr").evaluate_all(
            "rows => rows.map(row => row.cells[row.cells.length - 1].textContent.trim())"
        )
        assert cells == [figure.format_value(value.value) for value in figure.values.all()]
