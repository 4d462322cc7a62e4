"""Pasting cells of a spreadsheet into a table block, with a script."""

from django import forms
from django.utils.functional import cached_property
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
            "undone": _("Undone, with what was typed since."),
        }
        hint = _(
            "You can also paste cells of a spreadsheet: into the caption of an empty table, or into the cell "
            "where they should begin."
        )
        return [*args, meta | {"spreadsheet": words, "helpText": f"{block.meta.help_text} {hint}"}]

    @cached_property
    def media(self):
        return super().media + forms.Media(js=["site_admin/pasted_cells.js", "site_admin/tables.js"])


register(TableAdapter(), CaptionedTableBlock)
