"""What is refused, lest a published claim change without a word about it where no form can ask."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from home.admin.guards.publishing import latest
from home.corrections.question import Change
from home.models import BasePage, NotPublishable


def is_unanswered(page):
    """Whether visitors have read something else, and nobody has told whether that was a correction."""
    return isinstance(page, BasePage) and Change(page).is_open


def refusal(page):
    """The refusal to publish, in words for the editor."""
    return _(
        "Visitors have read an earlier text of “%(title)s”. Open it and publish it there: "
        "you are asked whether this is a correction."
    ) % {"title": page.title}


@hooks.register("before_bulk_action")
def refuse_to_publish_without_an_answer(request, action_type, objects, action):
    """Say which of the chosen pages change what visitors have read before any of them is published."""
    if action_type != "publish":
        return None
    unanswered = [page for page in map(latest, objects) if is_unanswered(page)]
    for page in unanswered:
        button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
        messages.error(request, refusal(page), buttons=[button])
    return redirect(request.get_full_path()) if unanswered else None


def refuse_without_an_answer(page):
    """Raise NotPublishable if nobody has told what the latest draft of a page changes."""
    draft = page.get_latest_revision_as_object()
    if is_unanswered(draft):
        raise NotPublishable(refusal(draft), code="unanswered")
