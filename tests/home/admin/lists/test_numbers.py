import csv
import re
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import FigureValue
from tests.support import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/numbers/"


def test_all_numbers_are_listed_with_what_they_count(moderator, figure):
    html = moderator.get(LIST).content.decode()
    first_row = html.partition("<tbody>")[2].partition("</tr>")[0]
    row = dict(re.findall(r'<td data-label="(.*?)"[^>]*>(.*?)</td>', first_row))
    assert row == {
        "Number": "590",
        "Group": "Downtown",
        "Period": "2018",
        "Published": "",
        "Status of the figure": "Live",
    }
    assert f'/admin/number-sets/{figure.pk}/?period_start=2018"' in html


def test_numbers_can_be_filtered_by_figure_and_breakdown(moderator, figure):
    other = factories.make_figure(values=[("2011", 77)])

    def found(query):
        return re.findall(r'data-label="Number">(.*?)<', moderator.get(LIST + query).content.decode())

    assert found(f"?figure={other.pk}") == ["77"]
    assert found("?breakdown=neighborhood") == ["590", "12"]
    assert found("?q=hill") == ["12"]
    assert found("?figure__title__startswith=x") == found("")


def test_an_export_of_numbers_keeps_them_numbers(moderator, figure):
    figure.values.add(FigureValue(group="=A1", value=-5, period_start="2019-02", published="2020"))
    figure.save()
    response = moderator.get(f"{LIST}?export=csv&q=%3D")
    (row,) = csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert (row["Number"], row["Group"]) == ("-5.00", "'=A1")
    assert (row["Period"], row["From, to sort by"], row["Published, to sort by"]) == (
        "February 2019",
        "2019-02",
        "2020",
    )


def test_the_groups_of_a_translation_have_its_words(moderator, figure):
    translation = factories.make_translation(figure, group_words={"Downtown": "El centro"})
    translation.values = [FigureValue(group=group, value=7) for group in ("Downtown", "Hill North")]
    translation.save()
    response = moderator.get(f"{LIST}?export=csv&figure={translation.pk}")
    rows = csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert [row["Group"] for row in rows] == ["El centro", "Hill North"]


def test_the_list_needs_as_many_queries_for_many_numbers_as_for_one(moderator):
    def queries():
        moderator.get(LIST)  # Some things are looked up once after each change.
        with CaptureQueriesContext(connection) as captured:
            moderator.get(LIST)
        return len(captured)

    factories.make_figure()
    few = queries()
    for _number in range(9):
        factories.make_figure()
    assert queries() == few


def test_numbers_have_no_form_of_their_own(moderator, figure):
    pk = figure.values.first().pk
    for place in ("create/", f"edit/{pk}/", f"delete/{pk}/", f"history/{pk}/"):
        assert moderator.get(LIST + place).status_code == 404
