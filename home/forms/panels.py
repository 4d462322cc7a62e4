"""Panels of the forms of pages."""

from wagtail.admin.panels import InlinePanel, Panel


class RowsPanel(InlinePanel):
    """
    Rows with an asterisk in their heading if a form or the publication needs one, as at a needed field.

    A model whose publication needs rows names them in `needed_rows`.
    """

    class BoundPanel(InlinePanel.BoundPanel):
        def is_required(self):
            needed = getattr(self.instance, "needed_rows", ())
            return bool(self.panel.min_num) or self.panel.relation_name in needed


class WordFilePanel(Panel):
    """A place at the top of the form of a new page. A script adds a button that fills it from a Word file."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/admin/word_file.html"

        def is_shown(self):
            return self.instance.pk is None

        def show_panel_furniture(self):
            return False
