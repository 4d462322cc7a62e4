"""The screens to import events: upload a file, preview its changes, and apply them. And exports of drafts."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import ListingButton

from timeline.admin.import_form import EventImportForm
from timeline.admin.import_results import imports_for
from timeline.admin.timelines import timelines_of, timelines_with_drafts_for
from timeline.exchange.exports import FORMATS, Export
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action, Unsure
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import UnreadableFile, read_file
from timeline.exchange.references.downloads import Downloads
from timeline.models import EventImport, EventPage, TimelinePage

# The groups of the preview, in order: rows that need attention come first.
HEADINGS = {
    Action.ASK: gettext_lazy("Please decide"),
    Action.REFUSE: gettext_lazy("Refused"),
    Action.ASIDE: gettext_lazy("Kept for exports, not imported as events"),
    Action.CHANGE: gettext_lazy("Changed"),
    Action.CREATE: gettext_lazy("New"),
    Action.SAME: gettext_lazy("Unchanged"),
}


# Reading a large file takes time, and only one row is written in the end.
@transaction.non_atomic_requests
def exchange(request):
    """Show the upload form, the latest imports and the exports of drafts."""
    if not timelines_of(request.user):
        raise PermissionDenied
    form = EventImportForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("preview_event_import", form.save().pk)
    context = {
        "title": _("Import and export events"),
        "icon": "download",
        "form": form,
        "timelines": timelines_with_drafts_for(request.user),
        "imports": imports_for(request.user),
        "formats": [name for name in FORMATS if name != "ics"],
    }
    return TemplateResponse(request, "timeline/admin/event_exchange.html", context)


# Images are downloaded before anything is written. `carry_out` has its own transaction.
@transaction.non_atomic_requests
def preview(request, pk):
    """Show what the file would change, row by row. POST applies it, unless it has changed since."""
    found = get_object_or_404(EventImport.objects.select_related("timeline"), pk=pk, user=request.user)
    if found.timeline not in timelines_of(request.user):
        raise PermissionDenied
    if found.done_at:
        return redirect("event_import_result", found.pk)
    if "cancel" in request.POST:
        found.delete()
        messages.success(request, _("Nothing was imported."))
        return redirect("event_exchange")
    downloads = Downloads(request.user) if found.with_pictures else None
    try:
        file = read_file(bytes(found.content))
    except UnreadableFile as error:
        # A child process reads workbooks, and a busy server may stop it.
        messages.error(request, str(error))
        return redirect("event_exchange")
    unsure = request.GET.get("unsure")
    unsure = Unsure(unsure) if unsure in Unsure.values else Unsure.LEAVE
    plan = make_plan(found.timeline, file, request.user, found.publish, downloads, unsure)
    if request.method == "POST":
        if request.POST.get("fingerprint") != plan.fingerprint:
            messages.warning(request, _("Something has changed since this preview. Please check it again."))
        else:
            return apply_import(request, found, plan)
    context = {
        "title": _("Import preview"),
        "subtitle": found.name,
        "icon": "download",
        "import": found,
        "plan": plan,
        "file": file,
        "groups": grouped(plan),
        "choices": Unsure.choices if plan.asks else [],
    }
    return TemplateResponse(request, "timeline/admin/event_import.html", context)


def grouped(plan):
    counts = plan.counts
    return [
        (heading, counts[action], [row for row in plan.rows if row.action == action])
        for action, heading in HEADINGS.items()
        if counts[action]
    ]


def apply_import(request, found, plan):
    try:
        done = carry_out(plan, found.finish)
    except ValidationError as error:
        messages.error(request, _("Nothing was imported. %(why)s") % {"why": " ".join(error.messages)})
        return redirect("preview_event_import", found.pk)
    new, changed = done.counts[Action.CREATE], done.counts[Action.CHANGE]
    said = [ngettext("%(count)s event is new.", "%(count)s events are new.", new) % {"count": new}]
    if changed:
        words = ngettext("%(count)s was changed.", "%(count)s were changed.", changed)
        said.append(words % {"count": changed})
    messages.success(request, " ".join(said))
    return redirect("event_import_result", found.pk)


@require_safe
def export_drafts(request, pk, extension):
    timeline = get_object_or_404(TimelinePage, pk=pk)
    if timeline not in timelines_with_drafts_for(request.user):
        raise PermissionDenied
    events = EventPage.objects.on_timeline(timeline).in_time_order()
    content_type, write = FORMATS[extension]
    response = StreamingHttpResponse(write(Export(timeline, events, drafts=True)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{timeline.slug}-drafts.{extension}"'
    return response


@hooks.register("register_admin_urls")
def exchange_urls():
    return [
        path("event-exchange/", exchange, name="event_exchange"),
        path("event-exchange/<int:pk>/", preview, name="preview_event_import"),
        re_path(
            r"^event-exchange/(?P<pk>\d{1,18})\.(?P<extension>json|csv|xlsx)$",
            export_drafts,
            name="export_drafts",
        ),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def exchange_button(page, user, next_url=None, **kwargs):
    if isinstance(page.specific_deferred, TimelinePage) and page in timelines_of(user):
        yield ListingButton(
            _("Import and export"), reverse("event_exchange"), icon_name="download", priority=60
        )
