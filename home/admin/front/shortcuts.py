"""Shortcuts on the first screen to add documents, images, files, figures and terms."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail import hooks

from home.admin.front.panel import Shortcut
from home.models import DocumentIndexPage, DocumentPage, Figure, GlossaryTerm, SiteDocument, SiteImage
from home.wagtail_internals import permission_policy


def new_page_url(model, parent):
    return reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])


def parent_for(user, indexes):
    """Return the first of some pages below which a user may add a page, or None."""
    pages = indexes.order_by("path")
    return next((page for page in pages if page.permissions_for_user(user).can_add_subpage()), None)


@hooks.register("register_shortcut")
def add_document(request):
    if parent := parent_for(request.user, DocumentIndexPage.objects.all()):
        label = pgettext("page", "Add a document")
        yield Shortcut(label, new_page_url(DocumentPage, parent), "doc-full", order=20)


@hooks.register("register_shortcut")
def upload(request):
    if permission_policy(SiteImage).user_has_permission(request.user, "add"):
        yield Shortcut(_("Upload images"), reverse("wagtailimages:add_multiple"), "image", order=30)
    if permission_policy(SiteDocument).user_has_permission(request.user, "add"):
        yield Shortcut(_("Upload files"), reverse("wagtaildocs:add_multiple"), "upload", order=40)


@hooks.register("register_shortcut")
def add_figure_or_term(request):
    for model, label, order in [(Figure, _("Add a figure"), 50), (GlossaryTerm, _("Add a term"), 60)]:
        if permission_policy(model).user_has_permission(request.user, "add"):
            screens = model.snippet_viewset
            yield Shortcut(label, reverse(screens.get_url_name("add")), screens.icon, order)
