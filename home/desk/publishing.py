"""What is refused, and why, when an editor publishes."""

from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from home.models import SourcesRequired


@hooks.register("before_bulk_action")
def refuse_to_publish_without_a_source(request, action_type, objects, action):
    """Say which of the chosen pages lack a source before any of them is published."""
    if action_type != "publish":
        return None
    lacking = [
        page for page in map(latest, objects) if isinstance(page, SourcesRequired) and not page.has_source
    ]
    for page in lacking:
        messages.error(request, " ".join(page.needs_source().messages))
    return redirect(request.get_full_path()) if lacking else None


def latest(page):
    """The page as it would be published."""
    return page.specific.get_latest_revision_as_object()
