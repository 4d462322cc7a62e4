"""The report about dead links to other sites, and the form to add an archived copy."""

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from home.admin.front.panel import Notice
from home.admin.links.archived_copies import keep_archived_copy
from home.external_links.fields import PublicURLFormField
from home.models import ExternalLink, LinkUse

# Users with any of these permissions see the report, limited to pages that they may edit.
ACTIONS = ["add", "change", "publish"]
# A link for editors. The site itself makes no request there.
WAYBACK = "https://web.archive.org/web/*/"


class LinkFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=[
            ("moved", gettext_lazy("Moved links")),
            ("unknown", gettext_lazy("Links that cannot be checked automatically")),
        ],
        empty_label=gettext_lazy("Dead links"),
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
    """Dead links on the pages and figures that the user may edit."""

    page_title = gettext_lazy("Dead links")
    header_icon = "link-external"
    index_url_name = "dead_links"
    index_results_url_name = "dead_links_results"
    template_name = "home/admin/dead_links.html"
    results_template_name = "home/admin/dead_links_results.html"
    permission_policy = page_permission_policy
    any_permission_required = ACTIONS
    filterset_class = LinkFilterSet
    paginate_by = 20
    list_export = ["url", "get_reason_display", "failing_since", "checked_at", "moved_to", "places"]
    export_headings = {
        "url": gettext_lazy("Address"),
        "get_reason_display": gettext_lazy("Problem"),
        "failing_since": gettext_lazy("Failing since"),
        "checked_at": gettext_lazy("Last checked"),
        "moved_to": gettext_lazy("New address"),
        "places": gettext_lazy("Used in"),
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
        for link in object_list:
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


class ArchivedCopyForm(forms.Form):
    """The URL of an archived copy, for the sources with a dead link."""

    archived_url = PublicURLFormField(
        label=gettext_lazy("Address of the archived copy"),
        help_text=gettext_lazy("It is added to each of these sources that has no archived copy yet."),
        max_length=500,
        assume_scheme="https",
    )

    def __init__(self, *args, link, **kwargs):
        super().__init__(*args, **kwargs)
        self.link = link

    def clean_archived_url(self):
        address = self.cleaned_data["archived_url"]
        if not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Begin the address with https:// or http://."))
        if address == self.link.url:
            raise forms.ValidationError(_("This is the dead link itself, not an archived copy."))
        return address


class ArchivedCopyView(View):
    """Add the URL of an archived copy to the sources that the user may edit."""

    http_method_names = ["post"]

    def post(self, request, pk):
        link = get_object_or_404(ExternalLink, pk=pk)
        uses = LinkUse.objects.editable_by(request.user).filter(link=link)
        uses = list(uses.select_related("link", "page", "figure"))
        if not any(use.is_source for use in uses):
            raise PermissionDenied
        form = ArchivedCopyForm(request.POST, prefix=f"link-{link.pk}", link=link)
        if form.is_valid():
            report_result(request, keep_archived_copy(uses, form.cleaned_data["archived_url"], request.user))
        else:
            messages.error(request, " ".join(form.errors["archived_url"]))
        return redirect(get_valid_next_url_from_request(request) or reverse("dead_links"))


def report_result(request, written):
    """Tell the user what happened to each page."""
    if written.published:
        messages.success(request, _("Visitors now see the archived copy: %s.") % names_of(written.published))
    if written.drafts:
        messages.warning(
            request,
            _("The archived copy was saved in the draft. Publish it to show the copy to visitors: %s.")
            % names_of(written.drafts),
        )
    if written.locked:
        messages.warning(
            request, _("Nothing was saved, because the page is locked: %s.") % names_of(written.locked)
        )
    if not (written.published or written.drafts or written.locked):
        messages.warning(
            request,
            _("Nothing was saved: the latest draft no longer has this source, or already has a copy."),
        )


def names_of(things):
    return ", ".join(f"“{thing}”" for thing in things)


class DeadLinksMenuItem(MenuItem):
    def is_shown(self, request):
        return page_permission_policy.user_has_any_permission(request.user, ACTIONS)


@hooks.register("register_admin_urls")
def dead_link_urls():
    return [
        path("reports/dead-links/", DeadLinksView.as_view(), name="dead_links"),
        path(
            "reports/dead-links/results/", DeadLinksView.as_view(results_only=True), name="dead_links_results"
        ),
        path("reports/dead-links/<int:pk>/archived/", ArchivedCopyView.as_view(), name="dead_link_archived"),
    ]


@hooks.register("register_reports_menu_item")
def dead_links_menu_item():
    return DeadLinksMenuItem(_("Dead links"), reverse("dead_links"), icon_name="link-external", order=1200)


@hooks.register("register_notice")
def dead_links_notice(request):
    uses = LinkUse.objects.editable_by(request.user)
    count = ExternalLink.objects.used_in(uses).dead().count()
    words = ngettext("%(count)d link is dead.", "%(count)d links are dead.", count)
    yield Notice(count, words % {"count": count}, reverse("dead_links"), "link-external")
