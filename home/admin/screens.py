"""Parts that several screens of the admin share."""

from django import forms
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

STYLES = forms.Media(css={"all": ["site_admin/lists.css"]})


def breadcrumbs(*steps):
    """Return breadcrumbs, made of pairs of a URL and a label, after the link to the admin's first screen."""
    home = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
    return [home, *({"url": url, "label": label} for url, label in steps)]


def may_see(report, user):
    return report().permission_policy.user_has_any_permission(user, report.any_permission_required)


class ReportMenuItem(MenuItem):
    def __init__(self, report, order):
        self.report = report
        url = reverse(report.index_url_name)
        super().__init__(report.page_title, url, icon_name=report.header_icon, order=order)

    def is_shown(self, request):
        return may_see(self.report, request.user)


def register_report(report, order):
    """Add the URLs and the menu item of a report of Wagtail's kind."""
    register_list(report, f"reports/{report.index_url_name.replace('_', '-')}/")
    hooks.register("register_reports_menu_item", lambda: ReportMenuItem(report, order))


def register_list(view, address):
    """Add the URLs of a list of Wagtail's kind, which loads its results again when somebody filters it."""
    view.index_results_url_name = f"{view.index_url_name}_results"
    urls = [
        path(address, view.as_view(), name=view.index_url_name),
        path(f"{address}results/", view.as_view(results_only=True), name=view.index_results_url_name),
    ]
    hooks.register("register_admin_urls", lambda: urls)
