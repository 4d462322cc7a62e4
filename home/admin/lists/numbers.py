"""The list of the numbers of all figures."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import modeladmin_register

from home.admin.lists.base import ListAdmin
from home.admin.lists.columns import Column, In, date_for_people, date_for_sorting
from home.admin.lists.filters import Filter
from home.admin.number_sets.access import can_change_all
from home.admin.number_sets.times import url_of_set
from home.dates.fields import precise_date_order
from home.models import Figure, FigureValue
from home.querysets import Stage


class NumberPermissionHelper(PermissionHelper):
    """Users who may change figures may change their numbers."""

    def user_can_list(self, user):
        return can_change_all(user)

    def user_can_create(self, user):
        return False


class FigureFilter(Filter):
    title = _("figure")
    parameter_name = "figure"

    def lookups(self, request, model_admin):
        return Figure.objects.values_list("pk", "title")


class BreakdownFilter(Filter):
    title = _("breakdown")
    parameter_name = "breakdown"

    def lookups(self, request, model_admin):
        return Figure.Breakdown.choices

    def narrow(self, numbers, value):
        return numbers.filter(figure__breakdown=value)


def stage_of(figure):
    if figure.live:
        return (Stage.LIVE_DRAFT if figure.has_unpublished_changes else Stage.LIVE).label
    return Stage.DRAFT.label


@modeladmin_register
class NumberAdmin(ListAdmin):
    """All numbers. Those of a published figure are the published ones."""

    model = FigureValue
    menu_label = _("All numbers")
    menu_icon = "list-ul"
    base_url_path = "numbers"
    permission_helper_class = NumberPermissionHelper
    columns = [
        Column(
            _("Figure"),
            lambda number: number.figure.title,
            In.LIST | In.EXPORT,
            sort="figure__title",
            is_main=True,
        ),
        Column(_("Unit"), lambda number: number.figure.get_unit_display(), In.EXPORT),
        Column(_("Number"), lambda number: number.value, In.EXPORT),
        Column(
            _("Number"),
            lambda number: number.text,
            In.LIST | In.EXPORT,
            sort="value",
            export_heading=_("As shown"),
        ),
        Column(_("Group"), lambda number: number.name, In.LIST | In.EXPORT, sort="group"),
        Column(_("Period"), lambda number: number.period, In.LIST | In.EXPORT, sort="begins"),
        Column(_("From, to sort by"), lambda number: date_for_sorting(number.period_start), In.EXPORT),
        Column(_("To, to sort by"), lambda number: date_for_sorting(number.period_end), In.EXPORT),
        Column(
            _("Published"),
            lambda number: date_for_people(number.published),
            In.LIST | In.EXPORT,
            sort="appeared",
        ),
        Column(_("Published, to sort by"), lambda number: date_for_sorting(number.published), In.EXPORT),
        Column(
            _("Status of the figure"),
            lambda number: stage_of(number.figure),
            In.LIST | In.EXPORT,
            sort="figure__live",
        ),
    ]
    list_filter = [FigureFilter, BreakdownFilter]
    search_fields = ["figure__title", "group"]
    ordering = ["figure__sort_order", "figure__title", "sort_order", "pk"]

    def get_queryset(self, request):
        return (
            FigureValue.objects.select_related("figure")
            .annotate(begins=precise_date_order("period_start"), appeared=precise_date_order("published"))
            .order_by(*self.ordering)
        )

    def buttons(self, user):
        yield HeaderButton(_("Add numbers"), reverse("choose_figure"), icon_name="plus")

    def links_of(self, number):
        return [
            (reverse(Figure.snippet_viewset.get_url_name("edit"), args=[number.figure_id]), _("Edit")),
            (url_of_set(number), _("Change this set")),
        ]
