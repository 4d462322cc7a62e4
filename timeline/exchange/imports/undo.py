"""Undo an import completely, as long as nobody has changed anything that it made."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from home.models import SiteDocument, SiteImage
from home.querysets import BasePageQuerySet
from home.wagtail_internals import permission_policy
from timeline.exchange.imports.applied_changes import PageNote, PageState
from timeline.models import EventCategory, EventImport, EventPage

# Maximum number of obstacles that are listed.
MOST = 20
NUMBER = re.compile(r"\b\d+\b")


class Undo:
    """Undoes an import, unless there are `obstacles`, which are sentences for the editor."""

    def __init__(self, event_import: EventImport, user: AbstractUser | None) -> None:
        self.event_import = event_import
        self.user = user
        self.changes: dict[str, Any] = event_import.done or {}
        self.changed: list[PageNote] = event_import.changed

    @cached_property
    def pages(self) -> dict[int, Page]:
        """The pages that the import made or changed and that still exist, by primary key."""
        return Page.objects.in_bulk([note["pk"] for note in (*self.event_import.created, *self.changed)])

    @cached_property
    def created(self) -> list[PageNote]:
        """Notes of the pages that the import made. A page that was deleted since needs no undoing."""
        return [note for note in self.event_import.created if note["pk"] in self.pages]

    @property
    def obstacles(self) -> list[str]:
        if self.event_import.undone_at:
            return [_("This import has been undone.")]
        notes, last_entry = [*self.created, *self.changed], self.changes.get("log", 0)
        found = [
            *later_changes(notes, self.pages, last_entry),
            *uses_of_new_pages(self.created, self.pages),
        ]
        if self.user is not None:
            found += missing_permissions(self.created, self.changed, self.pages, self.user)
        found = list(dict.fromkeys(found))
        if len(found) > MOST:
            found[MOST:] = [_("And %(count)s more.") % {"count": len(found) - MOST}]
        return found

    @transaction.atomic
    def apply(self) -> None:
        """Undo the import. Raise ValidationError if there are obstacles."""
        locked = EventImport.objects.select_for_update().get(pk=self.event_import.pk)
        undo = Undo(locked, self.user)
        if obstacles := undo.obstacles:
            raise ValidationError(obstacles)
        for note in undo.created:
            undo.pages[note["pk"]].specific.delete(user=self.user)
        # In reverse order, so that slugs become free in the opposite order.
        for note in reversed(undo.changed):
            page = undo.pages[note["pk"]].specific
            if before := note["before"]:
                undo.restore(page, before, note["published"])
            # Wagtail updates the index later, in the background, but files are checked for uses below.
            ReferenceIndex.create_or_update_for_object(page.specific_class.objects.get(pk=page.pk))
        undo.remove_categories()
        undo.remove_files()
        locked.undone_at, locked.undone_by = timezone.now(), self.user
        locked.save()

    def restore(self, page: Page, before: PageState, published: bool) -> None:
        if published and before["live"]:
            self.revert(page, before["public"]).publish(user=self.user)
            if not before["draft"]:
                return
        elif published:
            page.unpublish(user=self.user)
        revision = self.revert(page, before["latest"])
        page = revision.content_object
        if page.live and not before["draft"]:
            page.has_unpublished_changes = False
            page.save(update_fields=["has_unpublished_changes"])

    def revert(self, page: Page, pk: int | None) -> Revision:
        """Save a new revision with the content of an earlier one. Raise ValidationError if that is gone."""
        old = page.revisions.filter(pk=pk).first()
        if old is None:
            words = _("The earlier version of “%(title)s” is no longer kept.")
            raise ValidationError(words % {"title": page.title})
        content = old.as_object()
        if not content.live:
            # As Wagtail's form does: lists show the latest draft of a page that is not public.
            content.save()
        return content.save_revision(user=self.user, log_action=True, previous_revision=old)

    def remove_categories(self) -> None:
        """Delete new categories that nothing else uses."""
        for category in EventCategory.objects.filter(pk__in=self.changes.get("categories", [])):
            in_draft = EventPage.objects.filter(latest_revision__content__category=category.pk)
            used = category.events.exists() or in_draft.exists()
            if not (used or category.revisions.count() > 1 or self.is_used(category)):
                category.delete()

    def remove_files(self) -> None:
        """Delete downloaded images and files that nothing else uses."""
        for name, model in (("images", SiteImage), ("documents", SiteDocument)):
            policy = permission_policy(model)
            for file in model.objects.filter(pk__in=self.changes.get(name, [])):
                may = self.user is None or policy.user_has_permission_for_instance(self.user, "delete", file)
                if may and not self.is_used(file):
                    file.delete()

    def is_used(self, target: Model) -> bool:
        """Return whether something refers to an object, or a draft newer than the import may do so."""
        if ReferenceIndex.get_references_to(target).exists():
            return True
        return str(target.pk) in self.numbers_in_drafts

    @cached_property
    def numbers_in_drafts(self) -> set[str]:
        """All numbers in drafts that are newer than the import, apart from the pages that it changed."""
        undone = [str(note["pk"]) for note in self.changed]
        drafts = Revision.objects.filter(created_at__gt=self.event_import.done_at)
        contents = drafts.exclude(object_id__in=undone).values_list("content", flat=True)
        return {number for content in contents for number in NUMBER.findall(json.dumps(content))}


# The pages of an import that still exist, by primary key.
Pages = dict[int, Page]


def later_changes(notes: list[PageNote], pages: Pages, last_entry: int) -> Iterator[str]:
    """Yield sentences about changes after the import, which ended at `last_entry` of the page log."""
    later = {}
    entries = PageLogEntry.objects.filter(page__in=pages, pk__gt=last_entry)
    for entry in entries.select_related("user").order_by("pk"):
        later[entry.page_id] = entry
    revisions = Revision.objects.select_related("user").in_bulk(
        [page.latest_revision_id for page in pages.values() if page.latest_revision_id]
    )
    for note in notes:
        page = pages.get(note["pk"])
        if page is None:
            yield _("“%(title)s” was deleted.") % note
            continue
        revision, entry = revisions.get(page.latest_revision_id), later.get(page.pk)
        is_unchanged = (
            revision and revision.pk == note["revision"] and revision.created_at.isoformat() == note["at"]
        )
        if entry or not is_unchanged:
            yield change_message(page, entry, revision)


def change_message(page: Page, entry: PageLogEntry | None, revision: Revision | None) -> str:
    at = entry.timestamp if entry else revision and revision.created_at
    who = entry.user_display_name if entry else str((revision and revision.user) or _("somebody"))
    day = date_format(timezone.localtime(at), "DATE_FORMAT") if at else ""
    return _("“%(title)s” was changed by %(who)s on %(day)s.") % {
        "title": page.get_admin_display_title(),
        "who": who,
        "day": day,
    }


def uses_of_new_pages(created: list[PageNote], pages: Pages) -> Iterator[str]:
    """Yield sentences about pages that need a new event by now."""
    new = [pages[note["pk"]] for note in created]
    keys = [page.pk for page in new]
    copies = Q(alias_of__in=keys) | Q(translation_key__in=[page.translation_key for page in new])
    for page in Page.objects.filter(copies).exclude(pk__in=keys):
        yield _("“%(title)s” has a copy or a translation.") % {"title": page.title}
    for page in BasePageQuerySet(Page).linking_to(new).exclude(pk__in=keys) if new else ():
        yield _("“%(title)s” links to an event that this import made.") % {"title": page.title}


def missing_permissions(
    created: list[PageNote], changed: list[PageNote], pages: Pages, user: AbstractUser
) -> Iterator[str]:
    for note in created:
        permissions = pages[note["pk"]].permissions_for_user(user)
        if not permissions.can_delete() or permissions.page_locked():
            yield _("You may not delete “%(title)s”, or somebody has locked it.") % note
    for note in changed:
        if page := pages.get(note["pk"]):
            permissions = page.permissions_for_user(user)
            may = permissions.can_edit() and not permissions.page_locked()
            if note["published"]:
                may = may and permissions.can_publish()
            if not may:
                yield _("You may not change “%(title)s”, or somebody has locked it.") % note
