"""The list of suggested changes, and its lines on the first screen."""

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn, UserColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from home.admin.front.panel import Notice
from home.admin.screens import register_report
from home.models import Suggestion


class SuggestionsReport(ReportView):
    """The user's own suggestions, and those for pages that the user may change. Open ones are first."""

    page_title = _("Suggested changes")
    header_icon = "edit"
    index_url_name = "suggestions"
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    no_results_message = _("Nobody has suggested a change.")
    columns = [
        TitleColumn("page", label=_("Page"), accessor="page.title", url_name="suggestion"),
        UserColumn("user", label=_("Suggested by"), accessor="user"),
        DateColumn("made_at", label=_("Suggested"), accessor="made_at"),
        Column("state", label=_("State"), accessor="get_state_display"),
    ]
    list_export = ["page.title", "user", "made_at", "get_state_display"]

    def get_queryset(self):
        found = Suggestion.objects.visible_to(self.request.user).select_related(
            "page", "user__wagtail_userprofile"
        )
        is_open = Case(When(state=Suggestion.State.OPEN, then=Value(0)), default=Value(1))
        return found.defer("base", "content").order_by(is_open, "-made_at", "-pk")


register_report(SuggestionsReport, 90)


@hooks.register("register_notice")
def suggestions_to_answer(request):
    count = Suggestion.objects.open().of_pages_of(request.user).count()
    words = ngettext(
        "%(count)s suggested change waits for your answer.",
        "%(count)s suggested changes wait for your answer.",
        count,
    )
    yield Notice(count, words % {"count": count}, reverse("suggestions"), "edit", is_wrong=False, order=15)


@hooks.register("register_notice")
def answers_to_my_suggestions(request):
    found = Suggestion.objects.filter(user=request.user, is_seen=False)
    count = found.exclude(decided_at=None).count()
    words = ngettext(
        "%(count)s change that you suggested was answered.",
        "%(count)s changes that you suggested were answered.",
        count,
    )
    yield Notice(count, words % {"count": count}, reverse("suggestions"), "edit", is_wrong=False, order=16)
