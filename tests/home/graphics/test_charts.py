from decimal import Decimal
from itertools import product
from xml.etree import ElementTree

from django.template.loader import render_to_string
from django.test import SimpleTestCase
from django.utils.translation import override

from home.dates.values import PreciseDate
from home.graphics.amounts import CHARACTER_WIDTH
from home.graphics.charts import BarChart, LineChart, chart_of, table_of
from home.models import Figure, FigureValue


def make_figure(*values, **fields):
    """Return an unsaved Figure with numbers given as (amount, group, year) or as dictionaries."""
    rows = []
    for value in values:
        if not isinstance(value, dict):
            amount, group, year = value
            value = {"value": amount, "group": group, "period_start": year and PreciseDate(year)}
        rows.append(FigureValue(**value | {"value": Decimal(value["value"])}))
    return Figure(**{"title": "Opt-in participants", "unit": "count"} | fields, values=rows)


def groups_over_years():
    return make_figure(
        (10, "Downtown", 2018),
        (20, "Downtown", 2019),
        (30, "Downtown", 2020),
        (5, "Hill North", 2019),
        (10, "Hill North", 2020),
    )


def drawing(figure, form=""):
    """Return the chart's parsed `<svg>`."""
    html = render_to_string(
        "components/chart.html",
        {
            "figure": figure,
            "caption": figure.title,
            "chart": chart_of(figure, form),
            "table": table_of(figure),
        },
    )
    start, end = html.index("<svg"), html.index("</svg>") + len("</svg>")
    return ElementTree.fromstring(html[start:end])


def overlaps(svg):
    """Return the texts that touch each other, or leave the drawing, if characters are as wide as assumed."""
    boxes, wrong = [], []
    _x, _y, width, height = map(int, svg.get("viewBox").split())
    for text in svg.iter("text"):
        size = len(text.text) * CHARACTER_WIDTH
        left, y = int(text.get("x")), int(text.get("y")) + int(text.get("dy", 0))
        left -= size if text.get("text-anchor") == "end" else 0
        if left < 0 or left + size > width or not 0 < y <= height:
            wrong.append(text.text)
        wrong += [
            (text.text, other)
            for other, start, end, at in boxes
            if abs(at - y) < 14 and start < left + size and left < end
        ]
        boxes.append((text.text, left, left + size, y))
    return wrong


class ChartTests(SimpleTestCase):
    def test_a_single_number_has_no_chart(self):
        assert chart_of(make_figure()) is None
        assert chart_of(make_figure((590, "", 2018))) is None

    def test_a_time_series_is_a_line_in_order_of_time(self):
        chart = chart_of(make_figure((30, "", 2019), (10, "", 2017), (20, "", 2018)))
        assert isinstance(chart, LineChart)
        assert [x for x, _ in chart.points] == sorted(x for x, _ in chart.points)
        assert [y for _, y in chart.points] == sorted((y for _, y in chart.points), reverse=True)
        assert (chart.first, chart.last) == ("2017", "2019")

    def test_distances_on_a_line_follow_the_calendar(self):
        points = chart_of(make_figure((1, "", 2010), (1, "", 2011), (1, "", 2020))).points
        assert (points[2][0] - points[1][0]) > 8 * (points[1][0] - points[0][0])

    def test_numbers_without_a_period_are_placed_by_publication(self):
        published = [{"value": n, "published": PreciseDate(2017 + n, 5)} for n in range(3)]
        assert isinstance(chart_of(make_figure(*published)), LineChart)

    def test_groups_of_one_period_are_bars_in_the_editors_order(self):
        chart = chart_of(
            make_figure((10, "Hill North", 2018), (20, "Downtown", 2018), (0, "Hill South", 2018))
        )
        assert isinstance(chart, BarChart)
        assert [(bar.label, bar.text) for bar in chart.bars] == [
            ("Hill North", "10"),
            ("Downtown", "20"),
            ("Hill South", "0"),
        ]
        assert [bar.width for bar in chart.bars] == [180, 360, 0]

    def test_bars_of_several_periods_name_the_period(self):
        chart = chart_of(make_figure((10, "Downtown", 2018), (20, "Downtown", 2019)))
        assert [bar.label for bar in chart.bars] == ["Downtown, 2018", "Downtown, 2019"]

    def test_groups_over_time_are_a_small_chart_each_with_the_same_scale(self):
        chart = chart_of(groups_over_years())
        assert chart.kind == "panels"
        assert [line.name for line in chart.lines] == ["Downtown", "Hill North"]
        high, low = chart.lines[0].points, chart.lines[1].points
        assert [x for x, _y in high][1:] == [x for x, _y in low]
        # 10 people are as high in one as in the other.
        offset = chart.lines[1].y - chart.lines[0].y
        assert high[0][1] + offset == low[1][1]

    def test_groups_over_time_are_lines_with_different_dashes_if_editors_say_so(self):
        chart = chart_of(groups_over_years(), "lines")
        assert chart.kind == "lines"
        assert len({line.dashes for line in chart.lines}) == 2
        assert chart_of(groups_over_years(), "bars").kind == "bars"
        # Nobody tells five lines apart.
        many = make_figure(*((n, f"Group {n}", year) for n in range(5) for year in (2018, 2019)))
        assert chart_of(many, "lines").kind == "panels"

    def test_every_form_stays_inside_the_drawing_and_names_each_group(self):
        for form in ("lines", "panels"):
            chart = chart_of(groups_over_years(), form)
            points = [point for line in chart.lines for point in line.points]
            assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in points)
            svg = drawing(groups_over_years(), form)
            assert {"Downtown", "Hill North", "2018", "2020"} <= {text.text for text in svg.iter("text")}

    def test_the_table_of_groups_over_time_has_a_column_for_each_group(self):
        table = table_of(groups_over_years())
        assert table.headings == ["Period", "Downtown", "Hill North"]
        assert table.rows == [("2018", ["10", "–"]), ("2019", ["20", "5"]), ("2020", ["30", "10"])]

    def test_a_table_names_the_day_on_which_the_numbers_of_a_row_were_published(self):
        figure = groups_over_years()
        for number in figure.values.all():
            number.published = PreciseDate(2021)
        table = table_of(figure)
        assert table.headings[-1] == "Published"
        assert table.rows[0] == ("2018", ["10", "–", "2021"])
        # Two days in a row need a row for each number.
        figure.values.all()[4].published = PreciseDate(2022)
        assert table_of(figure).headings == ["Group", "Period", "Published", "Number"]

    def test_numbers_of_the_same_period_are_not_a_line(self):
        assert isinstance(chart_of(make_figure((10, "", 2018), (20, "", 2018))), BarChart)
        assert isinstance(chart_of(make_figure((10, "", None), (20, "", None))), BarChart)

    def test_amounts_stay_inside_the_drawing(self):
        for amounts in [(0, 0), (-5, 5), (-5, -9), ("0.01", "0.02"), ("999999999999.99", 1), (3, 3)]:
            line = chart_of(make_figure(*((n, "", 2000 + i) for i, n in enumerate(amounts))))
            bars = chart_of(make_figure(*((n, f"Group {i}", 2000) for i, n in enumerate(amounts))))
            with self.subTest(amounts=amounts):
                assert all(0 <= x <= line.width and 0 <= y <= line.height for x, y in line.points)
                assert all(0 <= bar.x <= bar.x + bar.width <= bars.width + 1 for bar in bars.bars)
                assert 2 <= len(line.ticks) <= 7

    def test_the_axis_has_round_numbers_and_starts_at_zero(self):
        figure = make_figure((75_000, "", 2017), (200_000, "", 2018), unit="usd")
        assert [text for _, text in chart_of(figure).ticks] == ["$0", "$100,000", "$200,000"]

    def test_counts_have_whole_ticks(self):
        ticks = chart_of(make_figure((1, "", 2017), (2, "", 2018))).ticks
        assert [text for _, text in ticks] == ["0", "1", "2"]

    def test_long_group_names_are_truncated_only_in_the_chart(self):
        figure = make_figure((1, "x" * 100, 2018), (2, "y", 2018))
        assert chart_of(figure).bars[0].label.endswith("…")
        assert table_of(figure).rows[0][0] == "x" * 100

    def test_texts_never_run_into_each_other_or_out_of_the_drawing(self):
        """Whatever the lengths of periods, groups and amounts, in every form and language."""
        periods = [
            [PreciseDate(2018), PreciseDate(2018)],
            [PreciseDate(2018, 1), PreciseDate(2018, 3)],
            [PreciseDate(2018, 9, 30), PreciseDate(2019, 9, 30)],
        ]
        names = ["A", "Downtown", "Newhallville and Prospect Hill together", "Long words " * 9]
        for first, last, name, amount, language in product(
            periods, periods, names, (3, "999999999999.99"), ["en", "es"]
        ):
            later = [PreciseDate(date.year + 2, date.month, date.day) for date in last]
            rows = [
                {"value": amount, "group": group, "period_start": start, "period_end": end}
                for group in ("", name)
                for start, end in (first, later)
            ]
            with override(language), self.subTest(first=first, last=last, name=name, language=language):
                for form, numbers in product(("lines", "panels", "bars"), (rows[:2], rows)):
                    assert overlaps(drawing(make_figure(*numbers, unit="usd"), form)) == []

    def test_a_bar_always_names_its_period_and_only_cuts_names_that_are_too_long(self):
        rows = [
            {
                "value": 5,
                "group": name,
                "period_start": PreciseDate(2018, month),
                "period_end": PreciseDate(2018, month + 2),
            }
            for name in ("Downtown", "Newhallville and Prospect Hill together", "x" * 100)
            for month in (1, 10)
        ]
        labels = [bar.label for bar in chart_of(make_figure(*rows), "bars").bars]
        assert labels[:4] == [
            "Downtown, January 2018 to March 2018",
            "Downtown, October 2018 to December 2018",
            "Newhallville and Prospect Hill together January 2018 to March 2018",
            "Newhallville and Prospect Hill together October 2018 to December 2018",
        ]
        assert all("… " in label and label.endswith(" 2018") for label in labels[4:])

    def test_a_chart_has_a_text_description(self):
        chart = chart_of(make_figure((10, "", 2017), (30, "", 2019)))
        assert chart.description == "A line from 10 (2017) to 30 (2019). The table has every number."
        chart = chart_of(make_figure((10, "Hill North", 2018), (20, "Downtown", 2018)))
        assert chart.description == "2 bars. The longest: 20 (Downtown, 2018). The table has every number."


class TableTests(SimpleTestCase):
    def test_empty_columns_are_left_out(self):
        table = table_of(make_figure((10, "", 2017), (30, "", 2019)))
        assert table.headings == ["Period", "Number"]
        assert table.rows == [("2017", ("10",)), ("2019", ("30",))]

    def test_all_columns_with_content_are_shown(self):
        figure = make_figure(
            {
                "value": "1234.5",
                "group": "Downtown",
                "period_start": PreciseDate(2017, 10),
                "period_end": PreciseDate(2018, 7),
                "published": PreciseDate(2020, 1),
            },
            unit="usd",
        )
        table = table_of(figure)
        assert table.headings[:3] == ["Group", "Period", "Published"]
        assert table.rows == [("Downtown", ("October 2017 to July 2018", "January 2020", "$1,234.5"))] or (
            table.rows[0][1][-1] == "$1,234.50"
        )

    def test_a_number_without_details_is_labeled_by_the_figure(self):
        assert table_of(make_figure((590, "", None))).rows == [("Opt-in participants", ("590",))]

    def test_a_figure_without_numbers_has_no_rows(self):
        assert table_of(make_figure()).rows == []


class DrawingTests(SimpleTestCase):
    def test_a_chart_has_a_name_and_a_description_and_no_inline_style(self):
        for figure in (
            make_figure((1, "", 2017), (2, "", 2018)),
            make_figure((1, "A", 2018), (2, "B", 2018)),
        ):
            svg = drawing(figure)
            assert svg.get("role") == "img"
            assert svg.find("title").text == "Opt-in participants"
            assert "The table has every number" in svg.find("desc").text
            assert not any("style" in element.attrib for element in svg.iter())

    def test_geometry_is_the_same_in_every_language_and_number_format(self):
        figure = make_figure(*((n * 1111, f"Group {n}", 2018) for n in range(40)))
        english = drawing(figure)
        with override("es"), self.settings(USE_THOUSAND_SEPARATOR=True):
            spanish = drawing(figure)
        assert [bar.attrib for bar in english.iter("rect")] == [bar.attrib for bar in spanish.iter("rect")]
        assert english.get("viewBox") == spanish.get("viewBox")

    def test_names_are_escaped(self):
        figure = make_figure((1, '<script>"', 2018), (2, "</svg>", 2018), title='</title><script x="')
        assert drawing(figure).find("title").text == '</title><script x="'


def test_negative_amounts_have_the_sign_before_the_dollar():
    figure = make_figure((-20000, "", 2018), unit=Figure.Unit.USD)
    assert figure.format_value(Decimal("-20000")) == "-$20,000"
    assert figure.format_value(Decimal("75000")) == "$75,000"
