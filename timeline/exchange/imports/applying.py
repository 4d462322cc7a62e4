"""Carry out a plan: download its files, save its events, and note what was changed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from timeline.exchange.imports.applied_changes import AppliedChanges, revisions_of, state_of
from timeline.exchange.imports.plan import Action, Plan, Row
from timeline.models import EventCategory, EventPage, TimelinePage


def carry_out(plan: Plan, finish: Callable[[dict[str, Any]], None] | None = None) -> Plan:
    """
    Download the files of a plan and apply it, completely or not at all. Nobody waits for the downloads.

    :param finish: called with the data of `AppliedChanges` within the transaction.
    :raises ValidationError: if somebody has changed anything since the plan was made.
    """
    try:
        if plan.downloads:
            plan.downloads.fetch_all()
            # A refused row has no event, and needs no files.
            plan.rows = [
                plan.plan_again(row) if row.awaits_downloads and row.event else row for row in plan.rows
            ]
        with transaction.atomic():
            changes = apply(plan)
            if finish:
                finish(changes.data)
    except BaseException:
        if plan.downloads:
            plan.downloads.discard()
        raise
    return plan


def apply(plan: Plan) -> AppliedChanges:
    """Save what the plan says. Raise ValidationError if anything has changed since it was made."""
    TimelinePage.objects.select_for_update().get(pk=plan.timeline.pk)
    if revisions_of(plan.timeline) != plan.revisions:
        raise ValidationError(_("Something has changed since this preview. Please check it again."))
    changes = AppliedChanges()
    for row in plan.rows:
        if row.is_written and row.event:
            save_event(plan, row, row.event, changes)
    if plan.changes_timeline:
        save_timeline(plan, changes)
    changes.finish(plan.downloads)
    return changes


def save_event(plan: Plan, row: Row, event: EventPage, changes: AppliedChanges) -> None:
    before = None
    save_category(plan, event.category, changes)
    # Assign it again: a new category has its id only now.
    event.category = event.category
    if row.action == Action.CREATE:
        event.owner = plan.user
        plan.timeline.add_child(instance=event)
        log(instance=event, action="wagtail.create", user=plan.user, content_changed=True)
    else:
        before = state_of(event)
        if not event.live:
            # As Wagtail's form does: lists show the latest draft of a page that is not public.
            event.save()
    revision = event.save_revision(user=plan.user, log_action=True)
    publishes = plan.publish and not row.stays_draft
    if publishes:
        revision.publish(user=plan.user)
    changes.note_page(event, revision, publishes, before)


def save_category(plan: Plan, category: EventCategory, changes: AppliedChanges) -> None:
    if category.pk is None:
        category.save()
        category.save_revision(user=plan.user).publish(user=plan.user)
        changes.data["categories"].append(category.pk)


def save_timeline(plan: Plan, changes: AppliedChanges) -> None:
    before = state_of(plan.timeline)
    plan.draft.imported = plan.for_timeline.imported
    plan.draft.eras.add(*plan.for_timeline.new_eras)
    revision = plan.draft.save_revision(user=plan.user, log_action=True)
    # Unpublished changes of somebody else stay unpublished.
    publishes = plan.publish and not before["draft"] and plan.timeline.live
    if publishes:
        revision.publish(user=plan.user)
    changes.note_page(plan.draft, revision, publishes, before)
