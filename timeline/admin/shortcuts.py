"""Shortcuts on the first screen for events."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from home.admin.front.panel import Shortcut
from home.admin.front.shortcuts import new_page_url
from timeline.admin.timelines import timelines_of
from timeline.models import EventPage


@hooks.register("register_shortcut")
def events(request):
    if timelines := timelines_of(request.user):
        yield Shortcut(_("Add an event"), new_page_url(EventPage, timelines[0]), "calendar-alt", order=10)
        yield Shortcut(_("Import and export"), reverse("event_exchange"), "download", order=70)
