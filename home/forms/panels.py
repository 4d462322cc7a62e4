"""Panels of the forms of pages."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel, PublishingPanel

from home.forms.widgets import MomentInput


class RowsPanel(InlinePanel):
    """
    Rows with an asterisk in their heading if a form or the publication needs one, as at a needed field.

    A model whose publication needs rows names them in `needed_rows`.
    """

    def get_bound_panel(self, instance=None, request=None, form=None, prefix="panel"):
        # The form of a translation lacks the rows that are the same in each language.
        has_rows = form is None or self.relation_name in form.formsets
        panel = super() if has_rows else NoPanel().bind_to_model(self.model)
        return panel.get_bound_panel(instance=instance, request=request, form=form, prefix=prefix)

    class BoundPanel(InlinePanel.BoundPanel):
        def is_required(self):
            needed = getattr(self.instance, "needed_rows", ())
            return bool(self.panel.min_num) or self.panel.relation_name in needed


class NoPanel(Panel):
    """Nothing, in the place of a panel."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self):
            return False


class WordFilePanel(Panel):
    """A place at the top of the form of a new page. A script adds a button that fills it from a Word file."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/admin/word_file.html"

        def is_shown(self):
            return self.instance.pk is None

        def show_panel_furniture(self):
            return False


class SchedulePanel(PublishingPanel):
    """Wagtail's dialog for a schedule, with fields that name their time zone."""

    # When the dialog closes without saving, Wagtail's script sets the fields back.
    attrs = {
        "data-controller": "w-action",
        "data-action": "w-dialog:hidden->w-action#reset",
        "data-w-dialog-target": "notify",
    }

    def __init__(self, **kwargs):
        fields = [
            FieldPanel(name, widget=MomentInput(self.attrs), help_text=lazy(named_zone, str)())
            for name in ("go_live_at", "expire_at")
        ]
        super().__init__(**{"children": fields} | kwargs)


def named_zone():
    """Name the time zone in which a form shows and reads times. An account may have chosen its own."""
    zone = timezone.get_current_timezone_name()
    return _("Eastern time.") if zone == settings.TIME_ZONE else zone
