"""Checks beside the preview: what is left to do on the page in the form."""

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
from home.wagtail_internals import PLACEHOLDER_TITLE, PreviewOnCreateView, PreviewOnEditView, previewed_form


class Checks:
    """
    The problems of the page as the user last sent it to the preview or saved it.

    A mixin for Wagtail's preview views, which check who may see the page.
    """

    http_method_names = ("get",)

    def get(self, request, *args, **kwargs):
        page = self.typed_page()
        if not isinstance(page, BasePage):
            return HttpResponse()
        problems = sorted(page.problems(), key=lambda problem: problem.is_hint)
        return render(request, "home/admin/checks.html", {"problems": problems})

    def typed_page(self):
        form, sent_at = previewed_form(self)
        saved = self.object.latest_revision
        if form and not (saved and saved.created_at > sent_at) and self.validate_form(form):
            form.save(commit=False)
            if self.object.title == gettext(PLACEHOLDER_TITLE):
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
def checks_urls():
    """Return URLs that consist of the preview's URL and `checks/`, for the script."""
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
def checks_script():
    return format_html('<script src="{}" defer></script>', static("site_admin/checks.js"))


# Rules that our own checks cover, with a link to the field.
OUR_RULES = {"empty-heading", "heading-order", "empty-meta-description"}


class PlainChecker(ContentCheckerItem):
    """Wagtail's accessibility checks in plain words, without those that our own checks cover."""

    axe_run_only = [rule for rule in ContentCheckerItem.axe_run_only if rule not in OUR_RULES]
    axe_custom_rules = [rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] not in OUR_RULES]
    axe_messages = ContentCheckerItem.axe_messages | {
        "alt-text-quality": {
            "error_name": _("The description of an image looks like a file name"),
            "help_text": _("Describe in a sentence what the image shows."),
        },
        "empty-table-header": {
            "error_name": _("A column of a table has no heading"),
            "help_text": _("Name the column in a word or two."),
        },
        "link-name": {
            "error_name": _("A link has no text"),
            "help_text": _("Write what it links to, or delete it."),
        },
        "p-as-heading": {
            "error_name": _("A line of bold text is used as a heading"),
            "help_text": _("Use a heading block, so that people who use a screen reader can find it."),
        },
    }


@hooks.register("construct_wagtail_userbar")
def plain_checker_in_the_editor(request, items, page):
    items[:] = [PlainChecker(in_editor=True) if getattr(item, "in_editor", False) else item for item in items]
