"""Screens that show the result of an import and undo it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from timeline.admin.timelines import timelines_of, timelines_with_drafts_for
from timeline.exchange.imports.undo import Undo
from timeline.models import EventImport

# The number of imports in the list.
MOST = 10


def imports_for(user):
    """Return the latest imports by the user, and into timelines whose drafts the user may see."""
    return found_for(user)[:MOST]


def found_for(user):
    done = EventImport.objects.exclude(done_at=None).select_related("timeline", "user", "undone_by")
    own = done.filter(user=user, timeline__in=timelines_of(user))
    return (own | done.filter(timeline__in=timelines_with_drafts_for(user))).order_by("-done_at")


def result_for(request, pk):
    if not timelines_of(request.user):
        raise PermissionDenied
    return get_object_or_404(found_for(request.user), pk=pk)


@require_safe
def result(request, pk):
    found = result_for(request, pk)
    undo = Undo(found, request.user)
    pages = Page.objects.in_bulk([note["pk"] for note in (*undo.created, *undo.changed)])
    for note in (*found.created, *found.changed):
        note["page"] = pages.get(note["pk"])
    context = {
        "title": _("Import result"),
        "subtitle": found.name,
        "icon": "download",
        "import": found,
        "obstacles": undo.obstacles,
    }
    return TemplateResponse(request, "timeline/admin/import_result.html", context)


# Obstacles are looked up before anything is locked. `apply` has its own transaction.
@transaction.non_atomic_requests
def undo(request, pk):
    """Ask whether to undo an import; POST undoes it."""
    found = result_for(request, pk)
    undo = Undo(found, request.user)
    if undo.obstacles:
        return redirect("event_import_result", found.pk)
    if request.method != "POST":
        context = {
            "title": _("Undo this import"),
            "subtitle": found.name,
            "icon": "rotate",
            "import": found,
            "undo": undo,
        }
        return TemplateResponse(request, "timeline/admin/undo_import.html", context)
    try:
        undo.apply()
    except ValidationError as error:
        messages.error(request, _("Nothing was undone. %(why)s") % {"why": " ".join(error.messages)})
    else:
        messages.success(request, _("The import was undone."))
    return redirect("event_import_result", found.pk)


@hooks.register("register_admin_urls")
def result_urls():
    return [
        path("event-exchange/<int:pk>/result/", result, name="event_import_result"),
        path("event-exchange/<int:pk>/undo/", undo, name="undo_event_import"),
    ]
