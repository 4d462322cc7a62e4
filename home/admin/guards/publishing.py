"""Checks before pages become public in another way than by their form, and what stays private."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from home.content_checks.obstacles import NotPublishable, Obstacle
from home.corrections.question import Change
from home.models import BasePage, Snippet
from home.privacy import keep_private
from home.translating.machine import any_unread


@hooks.register("before_bulk_action")
def refuse_to_publish(request, action_type, objects, action):
    """Tell the obstacles of all chosen pages before any of them is published."""
    if action_type != "publish":
        return None
    chosen = [*objects, *drafts_below(objects)] if request.POST.get("include_descendants") else objects
    refused = {}
    for page in chosen:
        draft = page.specific.get_latest_revision_as_object()
        if obstacles := list(obstacles_outside_form(draft)):
            refused[draft] = NotPublishable(draft, obstacles).messages
    for draft, words in refused.items():
        button = messages.button(reverse("wagtailadmin_pages:edit", args=[draft.pk]), _("Edit"))
        for sentence in words:
            messages.error(request, sentence, buttons=[button])
    return redirect(request.get_full_path()) if refused else None


def drafts_below(pages):
    """Return the descendants that Wagtail would publish with these pages."""
    return [below for page in pages for below in page.get_descendants().not_live()]


def refuse_to_approve(page):
    """Check the latest draft of a page or snippet before an approval publishes it. Raises NotPublishable."""
    draft = page.get_latest_revision_as_object()
    if obstacles := list(obstacles_outside_form(draft)):
        raise NotPublishable(draft, obstacles)


def obstacles_outside_form(draft):
    """Yield the obstacles of a draft page or snippet, then what only its form would refuse or ask."""
    if not isinstance(draft, (BasePage, Snippet)):
        return
    fields = {NON_FIELD_ERRORS}
    for obstacle in draft.obstacles():
        fields.add(obstacle.path)
        yield obstacle
    try:
        draft.full_clean()
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            if field not in fields:
                yield Obstacle("", field)
            elif field == NON_FIELD_ERRORS:
                yield Obstacle("", "", refusal=" ".join(sentences))
    if isinstance(draft, BasePage) and Change(draft).is_open:
        words = _(
            "Visitors have read an earlier text of “%(title)s”. Open it and publish it there: "
            "you are asked whether this is a correction."
        )
        yield Obstacle("", "corrections", refusal=words % {"title": draft.title})


@hooks.register("before_copy_page")
def refuse_to_copy(request, page):
    """Keep what nobody has read since a machine translated it from being copied: a copy has no mark."""
    if any_unread(page.get_descendants(inclusive=True)):
        messages.error(request, _("A machine's translation is copied when somebody has read it."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_convert_alias_page")
def stay_private(request, page):
    """Keep a copy of a private page private when it is converted to an ordinary page."""
    if request.method == "POST":
        keep_private(page)
