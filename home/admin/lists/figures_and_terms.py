"""The lists of figures and terms, and the menu for these and for numbers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from home.admin.conversation.asking import AskingEditView
from home.admin.guards.own_drafts import OwnDraftsViewSet
from home.admin.lists.numbers import NumberAdmin
from home.admin.number_sets.access import can_add_numbers, can_change_all
from home.models import Figure, GlossaryTerm


class FigureViewSet(OwnDraftsViewSet):
    model = Figure
    edit_view_class = AskingEditView
    icon = "table"
    list_display = [
        "title",
        LocaleColumn(label=_("Language")),
        "unit",
        "breakdown",
        LiveStatusTagColumn(label=_("Status")),
    ]
    list_filter = ["unit", "breakdown"]
    search_fields = ["title"]


class GlossaryTermViewSet(OwnDraftsViewSet):
    model = GlossaryTerm
    edit_view_class = AskingEditView
    icon = "openquote"
    list_display = [
        "term",
        LocaleColumn(label=_("Language")),
        "aliases",
        LiveStatusTagColumn(label=_("Status")),
    ]
    search_fields = ["term", "aliases"]


class AllNumbersMenuItem(MenuItem):
    def is_shown(self, request):
        return can_change_all(request.user)


class AddNumbersMenuItem(MenuItem):
    def is_shown(self, request):
        return can_add_numbers(request.user)


@register_snippet
class FiguresAndTermsViewSetGroup(SnippetViewSetGroup):
    items = (FigureViewSet, GlossaryTermViewSet)
    menu_label = _("Figures, terms")
    menu_icon = "list-ul"
    menu_order = 300

    def get_submenu_items(self):
        figures, terms = super().get_submenu_items()
        numbers = AllNumbersMenuItem(
            NumberAdmin.menu_label, reverse("numbers_modeladmin_index"), icon_name="list-ul", order=1
        )
        add = AddNumbersMenuItem(_("Add numbers"), reverse("choose_figure"), icon_name="plus", order=1)
        return [figures, numbers, add, terms]
