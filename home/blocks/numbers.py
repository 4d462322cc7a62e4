"""Blocks with numbers, charts and tables."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.addresses import SOURCE_URL, LinkBlock, SourceValue
from home.blocks.examples import example
from home.blocks.stream import ChoiceBlock
from home.graphics.proportions import proportion_of

GROUP = _("Numbers")


class NumberValue(SourceValue):
    @property
    def proportion(self):
        """The Proportion to draw, if the number is one, such as "2 of 590"; else None."""
        return proportion_of(self.get("value"))


class NumberBlock(blocks.StructBlock):
    value = blocks.CharBlock(
        max_length=20, label=_("Number"), help_text=_("As a reader sees it: 2, or $75,000, or 1 in 4.")
    )
    label = blocks.CharBlock(
        max_length=150, label=_("What it counts"), help_text=_("Readers see it beside the number.")
    )
    note = blocks.CharBlock(
        required=False, max_length=300, label=_("Note"), help_text=_("For example the time it covers.")
    )
    source_title = blocks.CharBlock(
        max_length=255, label=_("Source"), help_text=_("Where it was published. Shown below the number.")
    )
    source_url = LinkBlock(**SOURCE_URL)

    class Meta:
        icon = "order"
        label = _("Number")
        group = GROUP
        description = _("One large number with its source. A proportion, such as 2 of 590, is also drawn.")
        template = "blocks/number.html"
        value_class = NumberValue
        preview_value = {
            "value": "2 of 590",
            "label": _("arrests became a successful diversion"),
            "note": _("In the pilot's first eight months."),
            "source_title": _("Coverage of the final LEAD report, New Haven Independent"),
            "source_url": "https://newhavenindependent.org/index.php/article/lead_report",
        }


class ChartBlock(blocks.StructBlock):
    figure = SnippetChooserBlock(
        "home.Figure",
        label=_("Figure"),
        help_text=_("Its published numbers are shown as a chart and a table, with their sources."),
    )
    caption = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown instead of the figure's title."),
    )
    form = ChoiceBlock(
        required=False,
        choices=[
            ("lines", _("All groups in one chart, as lines")),
            ("panels", _("A small chart for each group")),
            ("bars", _("Bars")),
        ],
        label=_("Form"),
        help_text=_("How numbers of several groups and times are drawn. The preview shows it."),
    )

    class Meta:
        icon = "view"
        label = _("Chart")
        group = GROUP
        description = _("A chart and a table of one of the Figures.")
        template = "blocks/chart.html"

        @staticmethod
        def preview_value():
            return {"figure": example("home.Figure", live=True), "caption": "", "form": ""}


class CaptionedTableBlock(TypedTableBlock):
    """A table with a required caption: screen readers use it as the name of the table."""

    text = blocks.CharBlock(required=False, label=_("Text"))

    def clean(self, table):
        table = super().clean(table)
        if not self.is_deferred_validation and not (table.columns and table.caption):
            raise TypedTableBlockValidationError(
                non_block_errors=[ValidationError(_("Give the table a caption and at least one column."))]
            )
        return table


class TableBlock(blocks.StructBlock):
    table = CaptionedTableBlock(
        label=_("Table"), help_text=_("Its caption says what it shows. Add columns first, then rows.")
    )
    row_headings = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("The first column holds headings"),
        help_text=_("Check this if the first cell of each row names what the row is about."),
    )
    source_title = blocks.CharBlock(
        required=False,
        max_length=255,
        label=_("Source"),
        help_text=_("Where it is from. Shown below the table."),
    )
    source_url = LinkBlock(**SOURCE_URL)

    class Meta:
        icon = "table"
        label = _("Table")
        group = GROUP
        description = _("Words and numbers in rows and columns, with a caption.")
        template = "blocks/table.html"
        value_class = SourceValue
        form_layout = blocks.BlockGroup(
            children=["table", "source_title", "source_url"], settings=["row_headings"]
        )
        preview_value = {
            "table": {
                "caption": _("What paid for the start"),
                "columns": [
                    {"type": "text", "heading": _("Grant")},
                    {"type": "text", "heading": _("Amount")},
                ],
                "rows": [
                    {"values": [_("State grant to Cornell Scott, two years"), "$200,000"]},
                    {"values": [_("Federal grant to the City"), "$75,000"]},
                ],
            },
            "row_headings": True,
            "source_title": _("New Haven LEAD Timeline"),
            "source_url": "",
        }
