"""The report about dead links to other sites."""

import django_filters
from django.conf import settings
from django.db.models import Prefetch
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from home.admin.copies.access import copies_for
from home.admin.copies.of_sources import copies_url
from home.admin.front.panel import Notice
from home.admin.links.archived_copies import ArchivedCopyForm, ArchivedCopyView
from home.admin.screens import register_report
from home.models import ExternalLink, LinkUse

# Users with any of these permissions see the report, limited to pages that they may edit.
ACTIONS = ["add", "change", "publish"]
# A link for editors. The site itself makes no request there.
WAYBACK = "https://web.archive.org/web/*/"


class LinkFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[("moved", _("Moved links")), ("unknown", _("Links that cannot be checked automatically"))],
        empty_label=_("Dead links"),
    )

    class Meta:
        model = ExternalLink
        fields = []

    def filter_queryset(self, queryset):
        match self.form.cleaned_data["state"]:
            case "moved":
                return queryset.moved()
            case "unknown":
                return queryset.unknown()
        return queryset.dead()


class DeadLinksView(ReportView):
    page_title = _("Dead links")
    header_icon = "link-external"
    index_url_name = "dead_links"
    template_name = "home/admin/dead_links.html"
    results_template_name = "home/admin/dead_links_results.html"
    permission_policy = page_permission_policy
    any_permission_required = ACTIONS
    filterset_class = LinkFilterSet
    paginate_by = 20
    list_export = ["url", "get_reason_display", "failing_since", "checked_at", "moved_to", "places"]
    export_headings = {
        "url": _("Address"),
        "get_reason_display": _("Problem"),
        "failing_since": _("Failing since"),
        "checked_at": _("Last checked"),
        "moved_to": _("New address"),
        "places": _("Used in"),
    }

    def get_queryset(self):
        uses = LinkUse.objects.editable_by(self.request.user)
        shown = uses.select_related("page", "figure").order_by("pk")
        return (
            ExternalLink.objects.used_in(uses)
            .prefetch_related(Prefetch("uses", shown, to_attr="shown_uses"))
            .order_by("failing_since", "url")
        )

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset) if self.filters.is_valid() else queryset.dead()

    def decorate_paginated_queryset(self, object_list):
        finder = AdminURLFinder(self.request.user)
        copies = {}
        for copy in copies_for(self.request.user).filter(address__in=[link.url for link in object_list]):
            copy.has_screen = True
            copies.setdefault(copy.address, []).append(copy)
        for link in object_list:
            link.copies = copies.get(link.url, [])
            places = (copies_url(use, self.request.user) for use in link.shown_uses if use.is_source)
            link.copies_url = next(filter(None, places), "")
            for use in link.shown_uses:
                use.edit_url = f"{finder.get_edit_url(use.owner)}#:w:contentpath={use.path}"
            link.wants_copy = [use for use in link.shown_uses if use.is_source and not use.archived_url]
            link.wayback = WAYBACK + link.url
            link.form = ArchivedCopyForm(prefix=f"link-{link.pk}", link=link)
            # URLs instead of titles, which a spreadsheet might read as formulas.
            link.places = [self.request.build_absolute_uri(use.edit_url) for use in link.shown_uses]
        return object_list

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        state = context["filters"].form.cleaned_data.get("state", "")
        return context | {"state": state, "are_checked": settings.CHECK_LINKS}


register_report(DeadLinksView, order=1200)


@hooks.register("register_admin_urls")
def archived_copy_url():
    return [
        path("reports/dead-links/<int:pk>/archived/", ArchivedCopyView.as_view(), name="dead_link_archived")
    ]


@hooks.register("register_notice")
def dead_links_notice(request):
    uses = LinkUse.objects.editable_by(request.user)
    count = ExternalLink.objects.used_in(uses).dead().count()
    words = ngettext("%(count)d link is dead.", "%(count)d links are dead.", count)
    yield Notice(count, words % {"count": count}, reverse("dead_links"), "link-external")
