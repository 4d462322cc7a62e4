"""The list of kept copies, and the screen of each, on which an editor decides whether visitors read it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from home.admin.copies.access import ACTIONS, copies_for
from home.admin.copies.of_sources import KEPT, copies_url
from home.admin.screens import STYLES, breadcrumbs, register_report
from home.copies.downloads import download
from home.models import KeptCopy, LinkUse

SHOWN, HIDDEN, DELETED = "home.copy.show", "home.copy.hide", "wagtail.delete"
# Characters of the text of a copy on its screen. The file has all of it.
MOST_SHOWN = 5000


def state_in_list(copy):
    return _("kept, visitors can read it") if copy.is_shown else copy.state_in_words


class CopyFilterSet(WagtailFilterSet):
    class Meta:
        model = KeptCopy
        fields = ["state", "is_shown", "kind"]


class KeptCopies(ReportView):
    page_title = gettext_lazy("Kept copies")
    header_icon = "copy"
    index_url_name = "kept_copies"
    permission_policy = ModelPermissionPolicy(KeptCopy)
    any_permission_required = ACTIONS
    filterset_class = CopyFilterSet
    paginate_by = 50
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    no_results_message = gettext_lazy(
        "There are none. To keep one, open a page that cites a source, and choose “Copies of sources”."
    )

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "address",
                label=gettext_lazy("Address"),
                get_url=lambda copy: reverse("kept_copy_admin", args=[copy.pk]),
            ),
            # A phone has no room for more columns.
            Column("state", label=gettext_lazy("State"), accessor=state_in_list),
            DateColumn("kept_at", label=gettext_lazy("Kept")),
        ]

    def get_queryset(self):
        return copies_for(self.request.user)


register_report(KeptCopies, 1210)


class OfCopy:
    """A view about one copy that the user sees."""

    def dispatch(self, request, pk):
        self.copy = get_object_or_404(copies_for(request.user), pk=pk)
        return super().dispatch(request)


class CopyScreen(OfCopy, WagtailAdminTemplateMixin, TemplateView):
    template_name = "home/admin/kept_copy.html"
    header_icon = "copy"
    page_title = gettext_lazy("Kept copy")

    def get_page_subtitle(self):
        return self.copy.address

    def get_breadcrumbs_items(self):
        return breadcrumbs((reverse("kept_copies"), KeptCopies.page_title), ("", self.page_title))

    @cached_property
    def uses(self):
        uses = LinkUse.objects.citing(self.copy.address).editable_by(self.request.user)
        found = list(uses.select_related("page", "figure"))
        for use in found:
            use.copies_url = copies_url(use, self.request.user)
        return found

    def post(self, request):
        action = next((name for name in ("show", "hide", "delete") if name in request.POST), "")
        if not request.user.has_perm(f"home.{'delete' if action == 'delete' else 'change'}_keptcopy"):
            raise PermissionDenied
        if action == "delete":
            log(instance=self.copy, action=DELETED, user=request.user, deleted=True)
            self.copy.delete()
            messages.success(request, _("The copy is deleted. It leaves our backups within 30 days."))
            return redirect("kept_copies")
        if action and self.copy.state == KeptCopy.State.KEPT:
            self.decide(action == "show")
        return redirect(request.path)

    def decide(self, is_shown):
        self.copy.is_shown = is_shown
        self.copy.save(update_fields=["is_shown"])
        log(instance=self.copy, action=SHOWN if is_shown else HIDDEN, user=self.request.user)
        if is_shown:
            messages.success(self.request, _("Visitors can read this copy now."))
        else:
            messages.success(self.request, _("Visitors read only that there is a copy, and can ask for it."))

    def get_context_data(self, **kwargs):
        user = self.request.user
        more = {
            "media": STYLES,
            "copy": self.copy,
            "text": self.copy.text[:MOST_SHOWN],
            "uses": self.uses,
            "may_decide": user.has_perm("home.change_keptcopy"),
            "may_delete": user.has_perm("home.delete_keptcopy"),
        }
        return super().get_context_data(**kwargs) | more


class CopyFile(OfCopy, View):
    def get(self, request):
        if self.copy.state != KeptCopy.State.KEPT:
            raise Http404
        return download(self.copy, "private, no-store")


@hooks.register("register_admin_urls")
def kept_copy_urls():
    return [
        path("copies/<int:pk>/", CopyScreen.as_view(), name="kept_copy_admin"),
        path("copies/<int:pk>/file/", CopyFile.as_view(), name="kept_copy_admin_file"),
    ]


@hooks.register("register_log_actions")
def copy_log_actions(actions):
    for name, label, message in (
        (KEPT, gettext_lazy("Keep copy"), gettext_lazy("Kept a copy")),
        (SHOWN, gettext_lazy("Show copy"), gettext_lazy("Let visitors read the copy")),
        (HIDDEN, gettext_lazy("Hide copy"), gettext_lazy("Let visitors read the copy no more")),
    ):
        actions.register_action(name, label, message)
