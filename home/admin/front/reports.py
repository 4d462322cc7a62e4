"""Reports about pages and figures that need attention, and their notices on the first screen."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import PageReportView, ReportView
from wagtail.models import Page, TaskState
from wagtail.permission_policies import ModelPermissionPolicy

from home.admin.front.panel import Notice
from home.admin.screens import may_see, register_report
from home.models import Figure
from home.querysets import BasePageQuerySet


def pages_of(user):
    return BasePageQuerySet(Page).editable_by(user)


class PagesReport(PageReportView):
    """A report about those `pages` of a subclass that the user may edit, with links to their forms."""

    results_template_name = "wagtailadmin/reports/base_report_results.html"
    any_permission_required = ["add", "change", "publish"]
    no_results_message = _("There are no such pages.")
    columns = [
        TitleColumn(
            "title", label=_("Title"), accessor="get_admin_display_title", url_name="wagtailadmin_pages:edit"
        ),
        Column("type", label=_("Type"), accessor="page_type_display_name"),
        Column("status", label=_("Status"), accessor="status_string"),
        DateColumn(
            "latest_revision_created_at", label=_("Last saved"), accessor="latest_revision_created_at"
        ),
    ]

    def get_queryset(self):
        pages = self.pages(self.request.user).prefetch_workflow_states().annotate_approved_schedule()
        return pages.order_by("-latest_revision_created_at", "-pk")


class DraftsReport(PagesReport):
    page_title = _("My drafts")
    header_icon = "edit"
    index_url_name = "my_drafts"

    @staticmethod
    def pages(user):
        return pages_of(user).drafts_of(user)


class WithoutSourcesReport(PagesReport):
    page_title = _("Pages without a source")
    header_icon = "openquote"
    index_url_name = "pages_without_sources"

    @staticmethod
    def pages(user):
        return pages_of(user).without_sources()


class PastReviewReport(PagesReport):
    """Pages that are due for a review, the longest overdue first."""

    page_title = _("Pages to review again")
    header_icon = "time"
    index_url_name = "pages_past_review"
    columns = [
        *PagesReport.columns[:-1],
        Column(
            "last_reviewed", label=_("Last reviewed"), accessor=lambda page: page.last_reviewed or _("Never")
        ),
        DateColumn("last_published_at", label=_("Last published"), accessor="last_published_at"),
    ]

    @staticmethod
    def pages(user):
        return pages_of(user).past_review()

    def get_queryset(self):
        return super().get_queryset().order_by("last_published_at", "pk").specific()


class FiguresWithoutSourcesReport(ReportView):
    page_title = _("Figures without a source")
    header_icon = "table"
    index_url_name = "figures_without_sources"
    permission_policy = ModelPermissionPolicy(Figure)
    any_permission_required = ["change"]
    no_results_message = _("There are no such figures.")
    columns = [
        TitleColumn(
            "title",
            label=_("Figure"),
            get_url=lambda figure: reverse(figure.snippet_viewset.get_url_name("edit"), args=[figure.pk]),
        ),
        Column("unit", label=_("Unit"), accessor="get_unit_display"),
    ]
    list_export = ["title"]

    def get_queryset(self):
        return Figure.objects.without_sources()


REPORTS = [DraftsReport, WithoutSourcesReport, PastReviewReport, FiguresWithoutSourcesReport]
for order, report in enumerate(REPORTS, 100):
    register_report(report, order)


@hooks.register("register_notice")
def submissions_to_review(request):
    count = TaskState.objects.reviewable_by(request.user).count()
    words = ngettext(
        "%(count)s submission waits for your review.", "%(count)s submissions wait for your review.", count
    )
    # Wagtail's own list, further down on the first screen.
    yield Notice(
        count, words % {"count": count}, "#awaiting-review-section", "check", is_wrong=False, order=10
    )


@hooks.register("register_notice")
def my_drafts(request):
    count = DraftsReport.pages(request.user).count()
    words = ngettext("You have %(count)s unfinished draft.", "You have %(count)s unfinished drafts.", count)
    yield Notice(count, words % {"count": count}, reverse("my_drafts"), "edit", is_wrong=False, order=20)


@hooks.register("register_notice")
def pages_without_a_source(request):
    count = WithoutSourcesReport.pages(request.user).count()
    words = ngettext("%(count)s page has no source.", "%(count)s pages have no source.", count)
    yield Notice(count, words % {"count": count}, reverse("pages_without_sources"), "openquote", order=10)


@hooks.register("register_notice")
def figures_without_a_source(request):
    if may_see(FiguresWithoutSourcesReport, request.user):
        count = Figure.objects.without_sources().count()
        words = ngettext("%(count)s figure has no source.", "%(count)s figures have no source.", count)
        yield Notice(count, words % {"count": count}, reverse("figures_without_sources"), "table", order=20)


@hooks.register("register_notice")
def pages_past_review(request):
    count = PastReviewReport.pages(request.user).count()
    words = ngettext(
        "%(count)s page has not been reviewed for a year.",
        "%(count)s pages have not been reviewed for a year.",
        count,
    )
    yield Notice(count, words % {"count": count}, reverse("pages_past_review"), "time", order=50)
