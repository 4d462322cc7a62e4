"""Notices on the first screen about pages and figures."""

from django.urls import reverse
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.models import TaskState

from home.admin.front.panel import Notice
from home.admin.front.reports import (
    DraftsReport,
    FiguresWithoutSourcesReport,
    PastReviewReport,
    WithoutSourcesReport,
    may_see,
)
from home.models import Figure


@hooks.register("register_notice")
def pages_to_review(request):
    count = TaskState.objects.reviewable_by(request.user).count()
    words = ngettext("%(count)s page waits for your review.", "%(count)s pages wait for your review.", count)
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
