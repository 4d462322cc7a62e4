"""Shortcuts to the timeline on the first screen."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from home.admin.front.panel import Shortcut
from home.admin.front.shortcuts import address_of_new_page
from timeline.admin.timelines import timelines_of
from timeline.models import EventPage


@hooks.register("register_shortcut")
def events(request):
    if timelines := timelines_of(request.user):
        yield Shortcut(
            _("Add an event"), address_of_new_page(EventPage, timelines[0]), "calendar-alt", order=10
        )
        yield Shortcut(_("Import and export"), reverse("event_exchange"), "download", order=70)
