"""The checks beside the preview: what is still to do on the page that is being written."""

from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.userbar import ContentCheckerItem

from home.models import BasePage
from home.wagtail_internals import PreviewOnCreateView, PreviewOnEditView

# What Wagtail's preview puts where no title was typed, in its own words.
PLACEHOLDER = "Placeholder title"


class Checks:
    """
    The problems of the page as it was typed last: sent to the preview, or saved, by this person.

    It stands beside a view of Wagtail for the preview, which says who may see the page.
    """

    http_method_names = ("get",)

    def get(self, request, *args, **kwargs):
        page = self.typed_page()
        if not isinstance(page, BasePage):
            return HttpResponse()
        problems = sorted(page.problems(), key=lambda problem: problem.is_hint)
        return render(request, "home/admin/checks.html", {"problems": problems})

    def typed_page(self):
        state = self._get_form_state()
        saved = self.object.latest_revision
        if state and not (saved and saved.created_at > state.last_updated_at):
            form = self.get_form(self._get_form_data(state))
            if self.validate_form(form):
                form.save(commit=False)
                if self.object.title == gettext(PLACEHOLDER):
                    self.object.title = ""
        return self.object


class ChecksOnEdit(Checks, PreviewOnEditView):
    pass


class ChecksOnCreate(Checks, PreviewOnCreateView):
    def get_object(self):
        page = super().get_object()
        page.locale = page.get_parent().locale
        return page


@hooks.register("register_admin_urls")
def checks_stand_below_the_preview():
    """Each at the address of its preview and `checks/`, so that the script finds it."""
    return [
        path("pages/<int:page_id>/edit/preview/checks/", ChecksOnEdit.as_view(), name="page_checks"),
        path(
            "pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>"
            "/preview/checks/",
            ChecksOnCreate.as_view(),
            name="new_page_checks",
        ),
    ]


@hooks.register("insert_editor_js")
def script_of_the_checks():
    return format_html('<script src="{}" defer></script>', static("site_admin/checks.js"))


# What we look for ourselves, and tell with the place in the form.
OURS = {"empty-heading", "heading-order", "empty-meta-description"}


class PlainChecker(ContentCheckerItem):
    """Wagtail's own checks of what a page looks like, in plain words, without those that are ours."""

    axe_run_only = [rule for rule in ContentCheckerItem.axe_run_only if rule not in OURS]
    axe_custom_rules = [rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] not in OURS]
    axe_messages = ContentCheckerItem.axe_messages | {
        "alt-text-quality": {
            "error_name": _("The description of a picture looks like the name of a file"),
            "help_text": _("Describe in a sentence what the picture shows."),
        },
        "empty-table-header": {
            "error_name": _("A column of a table has no heading"),
            "help_text": _("Say in a word or two what the column holds."),
        },
        "link-name": {
            "error_name": _("A link has no words"),
            "help_text": _("Write where it leads, or delete it."),
        },
        "p-as-heading": {
            "error_name": _("A line of bold words stands for a heading"),
            "help_text": _("Use a heading block, so that people who listen can find their way."),
        },
    }


@hooks.register("construct_wagtail_userbar")
def plain_checker_in_the_editor(request, items, page):
    items[:] = [PlainChecker(in_editor=True) if getattr(item, "in_editor", False) else item for item in items]
