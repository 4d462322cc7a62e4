"""A panel of rows that shows when at least one is needed."""

from wagtail.admin.panels import InlinePanel


class RowsPanel(InlinePanel):
    """
    Rows with an asterisk in their heading if a form or the publication needs one, as at a needed field.

    A model whose publication needs rows names them in `needed_rows`.
    """

    class BoundPanel(InlinePanel.BoundPanel):
        def is_required(self):
            needed = getattr(self.instance, "needed_rows", ())
            return bool(self.panel.min_num) or self.panel.relation_name in needed
