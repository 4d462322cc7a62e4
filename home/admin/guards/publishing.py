"""Checks before something becomes public: what is refused and why, and what stays private."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import hooks

from home.models import SourcesRequired
from home.privacy import keep_private


@hooks.register("before_bulk_action")
def refuse_to_publish_what_is_not_finished(request, action_type, objects, action):
    """Say what the chosen pages lack, such as a source or a date, before any of them is published."""
    if action_type != "publish":
        return None
    chosen = [*objects, *those_below(objects)] if request.POST.get("include_descendants") else objects
    refusals = [words for page in map(latest, chosen) for words in what_is_lacking(page)]
    for words in refusals:
        messages.error(request, words)
    return redirect(request.get_full_path()) if refusals else None


@hooks.register("before_convert_alias_page")
def stay_private(request, page):
    """Let a copy of a private page stay private when it becomes a page of its own."""
    if request.method == "POST":
        keep_private(page)


def those_below(pages):
    """The pages below these that are not published yet, as Wagtail would publish them with these."""
    return [below for page in pages for below in page.get_descendants().not_live()]


def what_is_lacking(page):
    """Why the page cannot be published, in sentences."""
    if isinstance(page, SourcesRequired) and not page.has_source:
        yield from page.needs_source().messages
    try:
        page.full_clean()
    except ValidationError as error:
        fields = [name for name in error.message_dict if name != NON_FIELD_ERRORS]
        names = [capfirst(str(page._meta.get_field(name).verbose_name)) for name in fields]
        words = _("“%(title)s” cannot be published yet. Open it and mend: %(fields)s.")
        yield words % {"title": page.title, "fields": ", ".join(names) or " ".join(error.messages)}


def latest(page):
    """The page as it would be published."""
    return page.specific.get_latest_revision_as_object()
