"""A shortcut on the first screen of the admin for concerns."""

from django.utils.translation import gettext as _
from wagtail import hooks

from concerns.models import ConcernIndexPage, ConcernPage
from home.admin.front.panel import Shortcut
from home.admin.front.shortcuts import new_page_url, parent_for


@hooks.register("register_shortcut")
def add_concern(request):
    if parent := parent_for(request.user, ConcernIndexPage.objects.all()):
        yield Shortcut(_("Add a concern"), new_page_url(ConcernPage, parent), "warning", order=15)
