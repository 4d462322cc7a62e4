"""The screen on which an editor withholds a published version of a page."""

from datetime import date

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, register_converter, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from home.admin.screens import STYLES, breadcrumbs
from home.dates import values
from home.history.models import WithheldVersion
from home.history.versions import versions_of
from home.history.withholding import WITHHELD, withhold
from home.models import BasePage


class Day:
    """A day in an address, such as 2026-11-28."""

    regex = r"\d{4}-\d{2}-\d{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(str)


register_converter(Day, "day")


def may_withhold(page, user):
    return isinstance(page, BasePage) and page.has_history and page.permissions_for_user(user).can_publish()


def for_people(day):
    return values.for_people(values.PreciseDate.from_date(day))


class OfPage(WagtailAdminTemplateMixin):
    header_icon = "history"

    def dispatch(self, request, pk, **kwargs):
        self.page = get_object_or_404(Page, pk=pk).specific
        if not may_withhold(self.page, request.user):
            raise PermissionDenied
        return super().dispatch(request, pk, **kwargs)

    @cached_property
    def versions(self):
        """The Versions of the page, the newest first."""
        return versions_of(self.page)[::-1]

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self):
        form = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return breadcrumbs((form, self.get_page_subtitle()), ("", self.page_title))

    def get_context_data(self, **kwargs):
        more = {"media": STYLES, "page": self.page, "versions": self.versions}
        return super().get_context_data(**kwargs) | more


class Versions(OfPage, TemplateView):
    """The published versions of a page, with a way to withhold each but the newest."""

    template_name = "home/admin/versions.html"
    page_title = gettext_lazy("Published versions")


class WithholdForm(forms.ModelForm):
    class Meta:
        model = WithheldVersion
        fields = ["reason"]


class Withhold(OfPage, FormView):
    template_name = "home/admin/withhold.html"
    form_class = WithholdForm

    def dispatch(self, request, pk, day):
        self.day = day
        return super().dispatch(request, pk, day=day)

    @cached_property
    def version(self):
        """The version, if it isn't what visitors read now."""
        found = [version for version in self.versions[1:] if version.day == self.day and version.is_kept]
        if not found:
            raise Http404
        return found[0]

    @property
    def page_title(self):
        return _("Withhold the version of %(day)s") % {"day": for_people(self.version.day)}

    def form_valid(self, form):
        withhold(self.page, self.version.day, form.cleaned_data["reason"], self.request.user)
        messages.success(self.request, _("The version is withheld. Its text is deleted."))
        return redirect("page_versions", self.page.pk)


@hooks.register("register_admin_urls")
def version_urls():
    return [
        path("pages/<int:pk>/versions/", Versions.as_view(), name="page_versions"),
        path("pages/<int:pk>/versions/<day:day>/withhold/", Withhold.as_view(), name="withhold_version"),
    ]


@hooks.register("register_page_header_buttons")
def versions_button(page, user, next_url=None, **kwargs):
    if page.live and may_withhold(page.specific, user):
        address = reverse("page_versions", args=[page.pk])
        yield Button(_("Published versions"), url=address, icon_name="history", priority=60)


@hooks.register("register_log_actions")
def version_log_actions(actions):
    @actions.register_action(WITHHELD)
    class WithheldEntry(LogFormatter):
        label = gettext_lazy("Withhold version")

        def format_message(self, log_entry):
            day = for_people(date.fromisoformat(log_entry.data["day"]))
            return _("Withheld the version of %(day)s") % {"day": day}
