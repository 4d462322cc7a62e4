"""Screens to add or change several numbers of a figure at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import ListingButton
from wagtail.models import Locale, WorkflowState

from home.admin.number_sets import times
from home.admin.number_sets.access import can_add_numbers, figure_permissions, open_figures
from home.admin.number_sets.forms import NumberSetForm
from home.admin.screens import STYLES, breadcrumbs
from home.models import Figure


def choose_figure(request):
    if not can_add_numbers(request.user):
        raise PermissionDenied
    may_add = figure_permissions.user_has_permission(request.user, "add")
    context = {
        "figures": open_figures(request.user).select_related("locale"),
        "add_url": reverse(Figure.snippet_viewset.get_url_name("add")) if may_add else "",
        "has_languages": Locale.objects.count() > 1,
        "header_title": _("Add numbers"),
        "header_icon": "plus",
        "breadcrumbs_items": breadcrumbs(("", _("Add numbers"))),
        "media": STYLES,
    }
    return TemplateResponse(request, "home/admin/choose_figure.html", context)


@transaction.atomic
def number_set(request, pk):
    """Show the form for the numbers of one time; POST saves them."""
    if not can_add_numbers(request.user):
        raise PermissionDenied
    found = get_object_or_404(Figure.objects.select_for_update(), pk=pk)
    if words := reason_to_wait(found, request.user):
        messages.warning(request, words)
        return redirect("choose_figure")
    figure = found.get_latest_revision_as_object()
    may_publish = figure_permissions.user_has_permission(request.user, "publish")
    # Publishing would include the unfinished changes of somebody else.
    can_publish = may_publish and not found.has_unpublished_changes
    form = NumberSetForm(figure, request.POST or None, times.from_query(request.GET))
    if request.method == "POST":
        publish = "publish" in request.POST
        if publish and not may_publish:
            raise PermissionDenied
        is_valid = form.is_valid()
        if publish and not can_publish:
            form.add_error(
                None, _("Somebody has changed this figure in the meantime. You can only save a draft now.")
            )
        elif is_valid:
            form.save_set(request.user, publish)
            said = _("The numbers are published.") if publish else _("The numbers are saved as a draft.")
            if "submit" in request.POST and submit(figure, request.user):
                said = _("The numbers wait for review.")
            edit = messages.button(edit_url(figure), _("Open the figure"))
            messages.success(request, f"{figure.title}: {said}", buttons=[edit])
            return redirect("choose_figure")
        messages.error(request, _("Nothing was saved yet. Please correct the errors below."))
    context = {
        "figure": figure,
        "form": form,
        "can_publish": can_publish,
        "can_submit": not may_publish and figure.has_workflow,
        "draft": found.latest_revision if found.has_unpublished_changes else None,
        "edit_url": edit_url(figure),
        "may_open": figure_permissions.user_has_permission_for_instance(request.user, "change", figure),
        "header_title": figure.title,
        "header_icon": "table",
        "breadcrumbs_items": breadcrumbs((reverse("choose_figure"), _("Add numbers")), ("", figure.title)),
        "media": STYLES,
    }
    return TemplateResponse(request, "home/admin/number_set.html", context)


def reason_to_wait(figure, user):
    """Return why a user cannot add numbers to a figure now, or None."""
    lock = figure.get_lock()
    if lock and lock.for_user(user):
        return lock.get_message(user)
    if figure.is_translation:
        return _("The numbers of this figure are those of its original. Add them there.")
    if not open_figures(user).filter(pk=figure.pk).exists():
        return _("Somebody is working on this figure. You can add numbers once it is published.")
    return None


def submit(figure, user):
    """Send the draft of a figure to review, and return whether it can be reviewed."""
    state, workflow = figure.current_workflow_state, figure.get_workflow()
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    elif workflow and not state:
        workflow.start(figure, user)
    return bool(state or workflow)


def edit_url(figure):
    return reverse(Figure.snippet_viewset.get_url_name("edit"), args=[figure.pk])


@hooks.register("register_admin_urls")
def number_set_urls():
    return [
        path("number-sets/", choose_figure, name="choose_figure"),
        path("number-sets/<int:pk>/", number_set, name="number_set"),
    ]


@hooks.register("register_snippet_listing_buttons")
def number_set_button(snippet, user, next_url=None):
    if isinstance(snippet, Figure) and figure_permissions.user_has_permission(user, "change"):
        yield ListingButton(
            _("Add numbers"), reverse("number_set", args=[snippet.pk]), icon_name="plus", priority=20
        )
