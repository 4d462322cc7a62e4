"""Figures, all of their numbers in one list, and the menu for these and the glossary."""

from django.contrib.admin import display
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.admin.widgets import HeaderButton
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import modeladmin_register

from home.admin.lists.base import Filter, ListAdmin, sortable, when
from home.admin.lists.glossary import GlossaryTermViewSet
from home.admin.lists.number_sets import address_of_set, figure_permissions
from home.dates.fields import precise_date_order
from home.models import Figure, FigureValue
from home.querysets import Stage


class FigureViewSet(SnippetViewSet):
    model = Figure
    icon = "table"
    list_display = ["title", "unit", "breakdown", LiveStatusTagColumn(label=gettext_lazy("Status"))]
    list_filter = ["unit", "breakdown"]


class NumberPermissionHelper(PermissionHelper):
    """Numbers are changed by those who may change their figures."""

    def user_can_list(self, user):
        return figure_permissions.user_has_permission(user, "change")

    def user_can_create(self, user):
        return False


class FigureFilter(Filter):
    title = gettext_lazy("figure")
    parameter_name = "figure"

    def lookups(self, request, model_admin):
        return Figure.objects.values_list("pk", "title")


class BreakdownFilter(Filter):
    title = gettext_lazy("broken down")
    parameter_name = "breakdown"

    def lookups(self, request, model_admin):
        return Figure.Breakdown.choices

    def narrow(self, values, value):
        return values.filter(figure__breakdown=value)


def stage_of(figure):
    """How far a figure has come, in words."""
    if figure.live:
        return (Stage.LIVE_DRAFT if figure.has_unpublished_changes else Stage.LIVE).label
    return Stage.DRAFT.label


@modeladmin_register
class NumberAdmin(ListAdmin):
    """All numbers as they stand: of a figure that is public, those that visitors see."""

    model = FigureValue
    menu_label = gettext_lazy("All numbers")
    menu_icon = "list-ul"
    base_url_path = "numbers"
    permission_helper_class = NumberPermissionHelper
    main_column = "figure_title"
    list_display = ["figure_title", "number", "group_name", "time_span", "shown_published", "status"]
    list_filter = [FigureFilter, BreakdownFilter]
    search_fields = ["figure__title", "group"]
    ordering = ["figure__sort_order", "figure__title", "sort_order", "pk"]
    list_export = {
        gettext_lazy("Figure"): lambda value: value.figure.title,
        gettext_lazy("Unit"): lambda value: value.figure.get_unit_display(),
        gettext_lazy("Number"): lambda value: value.value,
        gettext_lazy("As shown"): lambda value: value.text,
        gettext_lazy("Group"): lambda value: value.group,
        gettext_lazy("Period"): lambda value: value.period,
        gettext_lazy("From, to sort by"): lambda value: sortable(value.period_start),
        gettext_lazy("To, to sort by"): lambda value: sortable(value.period_end),
        gettext_lazy("Published"): lambda value: when(value.published),
        gettext_lazy("Published, to sort by"): lambda value: sortable(value.published),
        gettext_lazy("Status of the figure"): lambda value: stage_of(value.figure),
    }

    def get_queryset(self, request):
        return (
            FigureValue.objects.select_related("figure")
            .annotate(begins=precise_date_order("period_start"), appeared=precise_date_order("published"))
            .order_by(*self.ordering)
        )

    def buttons(self, user):
        yield HeaderButton(_("Add numbers"), reverse("choose_figure"), icon_name="plus")

    def links_of(self, value):
        return [
            (reverse(Figure.snippet_viewset.get_url_name("edit"), args=[value.figure_id]), _("Edit")),
            (address_of_set(value), _("Change this set")),
        ]

    @display(description=gettext_lazy("Figure"), ordering="figure__title")
    def figure_title(self, value):
        return value.figure.title

    @display(description=gettext_lazy("Number"), ordering="value")
    def number(self, value):
        return value.text

    @display(description=gettext_lazy("Group"), ordering="group")
    def group_name(self, value):
        return value.group

    @display(description=gettext_lazy("Period"), ordering="begins")
    def time_span(self, value):
        return value.period

    @display(description=gettext_lazy("Published"), ordering="appeared")
    def shown_published(self, value):
        return when(value.published)

    @display(description=gettext_lazy("Status of the figure"), ordering="figure__live")
    def status(self, value):
        return stage_of(value.figure)


class FigureMenuItem(MenuItem):
    def is_shown(self, request):
        return figure_permissions.user_has_permission(request.user, "change")


@register_snippet
class FactsViewSetGroup(SnippetViewSetGroup):
    items = (FigureViewSet, GlossaryTermViewSet)
    menu_label = gettext_lazy("Figures, terms")
    menu_icon = "list-ul"
    menu_order = 300

    def get_submenu_items(self):
        figures, terms = super().get_submenu_items()
        numbers = FigureMenuItem(
            NumberAdmin.menu_label, reverse("numbers_modeladmin_index"), icon_name="list-ul", order=1
        )
        add = FigureMenuItem(gettext_lazy("Add numbers"), reverse("choose_figure"), icon_name="plus", order=1)
        return [figures, numbers, add, terms]
