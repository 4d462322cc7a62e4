"""Reports about pages and figures that need attention."""

from functools import partial

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import PageReportView, ReportView
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from home.models import Figure
from home.querysets import BasePageQuerySet


def pages_of(user):
    """Return the pages that the user may edit."""
    return BasePageQuerySet(Page).editable_by(user)


class PagesReport(PageReportView):
    """A report about pages that the user may edit, with links to their forms."""

    results_template_name = "wagtailadmin/reports/base_report_results.html"
    any_permission_required = ["add", "change", "publish"]
    no_results_message = gettext_lazy("There are no such pages.")
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Title"),
            accessor="get_admin_display_title",
            url_name="wagtailadmin_pages:edit",
        ),
        Column("type", label=gettext_lazy("Type"), accessor="page_type_display_name"),
        Column("status", label=gettext_lazy("Status"), accessor="status_string"),
        DateColumn(
            "latest_revision_created_at",
            label=gettext_lazy("Last saved"),
            accessor="latest_revision_created_at",
        ),
    ]

    @staticmethod
    def pages(user):
        """Return the pages of the report."""
        raise NotImplementedError

    def get_queryset(self):
        pages = self.pages(self.request.user).prefetch_workflow_states().annotate_approved_schedule()
        return pages.order_by("-latest_revision_created_at", "-pk")


class DraftsReport(PagesReport):
    page_title = gettext_lazy("My drafts")
    header_icon = "edit"
    index_url_name = "my_drafts"
    index_results_url_name = "my_drafts_results"

    @staticmethod
    def pages(user):
        return pages_of(user).drafts_of(user)


class WithoutSourcesReport(PagesReport):
    page_title = gettext_lazy("Pages without a source")
    header_icon = "openquote"
    index_url_name = "pages_without_sources"
    index_results_url_name = "pages_without_sources_results"

    @staticmethod
    def pages(user):
        return pages_of(user).without_sources()


class PastReviewReport(PagesReport):
    """Pages that are due for a review, the longest overdue first."""

    page_title = gettext_lazy("Pages to review again")
    header_icon = "time"
    index_url_name = "pages_past_review"
    index_results_url_name = "pages_past_review_results"
    columns = [
        *PagesReport.columns[:-1],
        Column(
            "last_reviewed",
            label=gettext_lazy("Last reviewed"),
            accessor=lambda page: page.last_reviewed or _("Never"),
        ),
        DateColumn("last_published_at", label=gettext_lazy("Last published"), accessor="last_published_at"),
    ]

    @staticmethod
    def pages(user):
        return pages_of(user).past_review()

    def get_queryset(self):
        return super().get_queryset().order_by("last_published_at", "pk").specific()


class FiguresWithoutSourcesReport(ReportView):
    page_title = gettext_lazy("Figures without a source")
    header_icon = "table"
    index_url_name = "figures_without_sources"
    index_results_url_name = "figures_without_sources_results"
    permission_policy = ModelPermissionPolicy(Figure)
    any_permission_required = ["change"]
    no_results_message = gettext_lazy("There are no such figures.")
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Figure"),
            get_url=lambda figure: reverse(figure.snippet_viewset.get_url_name("edit"), args=[figure.pk]),
        ),
        Column("unit", label=gettext_lazy("Unit"), accessor="get_unit_display"),
    ]
    list_export = ["title"]

    def get_queryset(self):
        return Figure.objects.without_sources()


REPORTS = [DraftsReport, WithoutSourcesReport, PastReviewReport, FiguresWithoutSourcesReport]


def may_see(report, user):
    return report().permission_policy.user_has_any_permission(user, report.any_permission_required)


class ReportMenuItem(MenuItem):
    def __init__(self, report, order):
        super().__init__(
            report.page_title, reverse(report.index_url_name), icon_name=report.header_icon, order=order
        )
        self.report = report

    def is_shown(self, request):
        return may_see(self.report, request.user)


@hooks.register("register_admin_urls")
def report_urls():
    for report in REPORTS:
        address = f"reports/{report.index_url_name.replace('_', '-')}/"
        yield path(address, report.as_view(), name=report.index_url_name)
        yield path(
            f"{address}results/", report.as_view(results_only=True), name=report.index_results_url_name
        )


for order, report in enumerate(REPORTS, 100):
    hooks.register("register_reports_menu_item", partial(ReportMenuItem, report, order))
