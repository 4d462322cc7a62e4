"""Taking events in, in the admin: a file is sent, what it would do is shown, and only then it is done."""

from django import forms
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

from home.models import SiteImage
from home.wagtail_internals import permission_policy
from timeline.admin.import_results import imports_for
from timeline.admin.timelines import timelines_of, timelines_with_drafts_for
from timeline.exchange.exports import FORMATS, Export
from timeline.exchange.imports.planning import Plan, carry_out
from timeline.exchange.imports.reading import UnreadableFile, read_file
from timeline.exchange.imports.rows import Action, Unsure
from timeline.exchange.references.downloads import Downloads
from timeline.models import EventImport, EventPage, TimelinePage

LARGEST_FILE = 10 * 1024 * 1024
MOST_EVENTS = 2000
# In the order of the preview: what needs a look comes first.
HEADINGS = {
    Action.ASK: gettext_lazy("Please decide"),
    Action.REFUSE: gettext_lazy("Refused"),
    Action.ASIDE: gettext_lazy("Kept for exports, but not as events"),
    Action.CHANGE: gettext_lazy("Changed"),
    Action.CREATE: gettext_lazy("New"),
    Action.SAME: gettext_lazy("Left alone, since nothing is new"),
}


class EventImportForm(forms.Form):
    """A file of events, and what to do with it."""

    timeline = forms.ModelChoiceField(TimelinePage.objects.none(), label=gettext_lazy("Timeline"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "TimelineJS JSON, or a CSV or Excel file with the headings of TimelineJS or exported from here."
        ),
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish the events"),
        required=False,
        help_text=gettext_lazy("Otherwise they become drafts. An event without a source stays a draft."),
    )
    with_pictures = forms.BooleanField(
        label=gettext_lazy("Download pictures"),
        required=False,
        help_text=gettext_lazy(
            "From the sites that the file names, into our library. Otherwise they become links. "
            "Make sure that we may show them."
        ),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        timelines = timelines_of(user)
        pages = TimelinePage.objects.filter(pk__in=[page.pk for page in timelines])
        self.fields["timeline"].queryset = pages
        self.fields["timeline"].initial = pages.first()
        if not any(page.permissions_for_user(user).can_publish_subpage() for page in timelines):
            del self.fields["publish"]
        if not permission_policy(SiteImage).user_has_permission(user, "add"):
            del self.fields["with_pictures"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("This file is larger than 10 MB."))
        self.content = file.read()
        try:
            read_file(self.content, MOST_EVENTS)
        except UnreadableFile as error:
            raise ValidationError(str(error)) from error
        return file

    def clean(self):
        data = super().clean()
        timeline = data.get("timeline")
        if (
            data.get("publish")
            and timeline
            and not timeline.permissions_for_user(self.user).can_publish_subpage()
        ):
            self.add_error("publish", _("You may not publish events of this timeline."))
        return data

    def save(self):
        EventImport.forget_old()
        data = self.cleaned_data
        return EventImport.objects.create(
            timeline=data["timeline"],
            user=self.user,
            name=data["file"].name[:255],
            content=self.content,
            publish=data.get("publish", False),
            with_pictures=data.get("with_pictures", False),
        )


# Taking a large file apart must keep nobody waiting; what is written in the end is one row.
@transaction.non_atomic_requests
def exchange(request):
    """Let an editor send a file, or download all events."""
    if not timelines_of(request.user):
        raise PermissionDenied
    form = EventImportForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("preview_event_import", form.save().pk)
    context = {
        "form": form,
        "timelines": timelines_with_drafts_for(request.user),
        "imports": imports_for(request.user),
        "formats": [name for name in FORMATS if name != "ics"],
    }
    return TemplateResponse(request, "timeline/admin/event_exchange.html", context)


# Pictures are fetched before anything is written; `carry_out` has a transaction of its own.
@transaction.non_atomic_requests
def preview(request, pk):
    """Show what the file would do, row by row; POST does it, if it is still what was shown."""
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
        # A workbook is read by a process of its own, which a busy server may have to end.
        messages.error(request, str(error))
        return redirect("event_exchange")
    unsure = request.GET.get("unsure")
    unsure = Unsure(unsure) if unsure in Unsure.values else Unsure.LEAVE
    plan = Plan(found.timeline, file, request.user, found.publish, downloads, unsure)
    if request.method == "POST":
        if request.POST.get("fingerprint") != plan.fingerprint:
            messages.warning(request, _("Something has changed since you looked. Please look again."))
        else:
            return do(request, found, plan)
    counts = plan.counts
    groups = [
        (heading, counts[action], [row for row in plan.rows if row.action == action])
        for action, heading in HEADINGS.items()
        if counts[action]
    ]
    context = {
        "import": found,
        "plan": plan,
        "file": file,
        "groups": groups,
        "downloads": downloads,
        "choices": Unsure.choices if plan.asks else [],
    }
    return TemplateResponse(request, "timeline/admin/event_import.html", context)


def do(request, found, plan):
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
    """All events of a timeline as they stand in the editor, drafts included."""
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
