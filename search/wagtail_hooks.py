from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from home.admin.screens import register_report
from search.models import MissedSearch


class MissedSearchesView(ReportView):
    """A report of what visitors searched for and did not find."""

    page_title = _("Searches without a result")
    header_icon = "search"
    index_url_name = "missed_searches"
    permission_policy = ModelPermissionPolicy(MissedSearch)
    any_permission_required = ["view"]
    columns = [
        Column("term", label=_("Searched for")),
        NumberColumn("times", label=_("Times in 90 days")),
        # Not a DateColumn, which shows "hours ago": only the day is known.
        Column("last", label=_("Last time")),
    ]
    list_export = [column.name for column in columns]
    export_headings = {column.name: column.label for column in columns}

    def get_queryset(self) -> Iterable[dict[str, Any]]:
        return MissedSearch.objects.recent().by_term()


register_report(MissedSearchesView, order=1300)


@hooks.register("construct_reports_menu")
def hide_reports_of_no_use(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Hide Wagtail's report of search terms, which is always empty, and that of names of models."""
    menu_items[:] = [item for item in menu_items if item.name not in ("search-terms", "page-types-usage")]


@hooks.register("register_permissions")
def report_permission() -> QuerySet:
    return Permission.objects.filter(content_type__app_label="search", codename="view_missedsearch")
