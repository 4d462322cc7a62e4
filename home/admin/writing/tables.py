"""The form of a table block: its caption is needed, and a script fills it with cells of a spreadsheet."""

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.telepath import register
from wagtail.contrib.typed_table_block.blocks import TypedTableBlockAdapter

from home.blocks.numbers import CaptionedTableBlock


class TableAdapter(TypedTableBlockAdapter):
    js_constructor = "home.Table"

    def js_args(self, block):
        *args, meta = super().js_args(block)
        words = {
            "pasted": _("Pasted cells: {cells}. New rows: {rows}. New columns: {columns}."),
            "many": _(
                "Nothing was pasted: a table may have 2,000 cells at most. Upload the spreadsheet as a file."
            ),
            "row": _("The row was deleted."),
            "column": _("The column was deleted."),
            "cell": _("Row {row}, column {column}"),
            "undone": _("Undone, with what was typed since."),
        }
        hint = _(
            "You can also paste cells of a spreadsheet: into the caption of an empty table, or into the cell "
            "where they should begin."
        )
        # Wagtail's script puts it into its label as it is.
        needed = format_html('{}<span class="w-required-mark">*</span>', meta["strings"]["CAPTION"])
        strings = meta["strings"] | {"CAPTION": needed}
        help_text = f"{block.meta.help_text} {hint}"
        return [*args, meta | {"spreadsheet": words, "strings": strings, "helpText": help_text}]

    @cached_property
    def media(self):
        return super().media + forms.Media(js=["site_admin/pasted_cells.js", "site_admin/tables.js"])


register(TableAdapter(), CaptionedTableBlock)
