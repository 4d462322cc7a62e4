"""The form that uploads a file of events for import."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.models import SiteImage
from home.wagtail_internals import permission_policy
from timeline.admin.timelines import timelines_of
from timeline.exchange.formats.limits import LARGEST_FILE, MOST_EVENTS
from timeline.exchange.imports.reading import UnreadableFile, read_file
from timeline.models import EventImport, TimelinePage


class EventImportForm(forms.Form):
    """A file of events, its timeline, and options."""

    timeline = forms.ModelChoiceField(TimelinePage.objects.none(), label=gettext_lazy("Timeline"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "TimelineJS JSON, or a CSV or Excel file with the headings of TimelineJS or exported here."
        ),
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish the events"),
        required=False,
        help_text=gettext_lazy("Otherwise they become drafts. Events without a source stay drafts."),
    )
    with_pictures = forms.BooleanField(
        label=gettext_lazy("Download images"),
        required=False,
        help_text=gettext_lazy(
            "From the websites in the file, into our library. Otherwise they become links. "
            "Make sure that we have the right to show them."
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
            self.add_error("publish", _("You may not publish events on this timeline."))
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
