"""Undoing an import as a whole, as long as nobody has changed anything that it made."""

import json
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from home.models import SiteDocument, SiteImage
from home.querysets import BasePageQuerySet
from home.wagtail_internals import permission_policy
from timeline.models import EventCategory, EventImport, EventPage

__all__ = ["Undo"]

# How many obstacles are named.
MOST = 20
NUMBER = re.compile(r"\b\d+\b")


class Undo:
    """
    The undoing of an import: deletes the events that it made, and restores those that it changed.

    If anything stands in the way, nothing is done; `obstacles` are sentences about it.
    """

    def __init__(self, event_import, user):
        self.event_import = event_import
        self.user = user
        self.done = event_import.done or {}
        self.changed = event_import.changed
        numbers = [note["pk"] for note in (*event_import.created, *self.changed)]
        self.pages = Page.objects.in_bulk(numbers)
        # One that was deleted since needs no undoing.
        self.created = [note for note in event_import.created if note["pk"] in self.pages]

    @property
    def obstacles(self):
        if self.event_import.undone_at:
            return [_("This import has been undone.")]
        found = [*self.changes_since(), *self.uses_of_new_pages(), *self.lacking_permissions()]
        found = list(dict.fromkeys(found))
        if len(found) > MOST:
            found[MOST:] = [_("And %(count)s more.") % {"count": len(found) - MOST}]
        return found

    def changes_since(self):
        """Yield what was changed after the import, and by whom."""
        later = {}
        entries = PageLogEntry.objects.filter(page__in=self.pages, pk__gt=self.done.get("log", 0))
        for entry in entries.select_related("user").order_by("pk"):
            later[entry.page_id] = entry
        revisions = Revision.objects.select_related("user").in_bulk(
            [page.latest_revision_id for page in self.pages.values() if page.latest_revision_id]
        )
        for note in [*self.created, *self.changed]:
            page = self.pages.get(note["pk"])
            if page is None:
                yield _("“%(title)s” was deleted.") % note
                continue
            revision, entry = revisions.get(page.latest_revision_id), later.get(page.pk)
            is_as_it_was = (
                revision and revision.pk == note["revision"] and revision.created_at.isoformat() == note["at"]
            )
            if entry or not is_as_it_was:
                yield self.told(page, entry, revision)

    @staticmethod
    def told(page, entry, revision):
        at = entry.timestamp if entry else revision and revision.created_at
        who = entry.user_display_name if entry else str((revision and revision.user) or _("somebody"))
        day = date_format(timezone.localtime(at), "DATE_FORMAT") if at else ""
        return _("“%(title)s” was changed by %(who)s on %(day)s.") % {
            "title": page.get_admin_display_title(),
            "who": who,
            "day": day,
        }

    def uses_of_new_pages(self):
        """New events that something else needs by now."""
        new = [self.pages[note["pk"]] for note in self.created]
        keys = [page.pk for page in new]
        copies = Q(alias_of__in=keys) | Q(translation_key__in=[page.translation_key for page in new])
        for page in Page.objects.filter(copies).exclude(pk__in=keys):
            yield _("“%(title)s” has a copy or a translation.") % {"title": page.title}
        for page in BasePageQuerySet(Page).linking_to(new).exclude(pk__in=keys) if new else ():
            yield _("“%(title)s” links to an event that this import made.") % {"title": page.title}

    def lacking_permissions(self):
        if self.user is None:
            return
        for note in self.created:
            permissions = self.pages[note["pk"]].permissions_for_user(self.user)
            if not permissions.can_delete() or permissions.page_locked():
                yield _("You may not delete “%(title)s”, or somebody has locked it.") % note
        for note in self.changed:
            if page := self.pages.get(note["pk"]):
                permissions = page.permissions_for_user(self.user)
                may = permissions.can_edit() and not permissions.page_locked()
                if note["published"]:
                    may = may and permissions.can_publish()
                if not may:
                    yield _("You may not change “%(title)s”, or somebody has locked it.") % note

    @transaction.atomic
    def apply(self):
        """
        Do it.

        :raises ValidationError: if something stands in the way after all.
        """
        locked = EventImport.objects.select_for_update().get(pk=self.event_import.pk)
        undo = Undo(locked, self.user)
        if obstacles := undo.obstacles:
            raise ValidationError(obstacles)
        for note in undo.created:
            undo.pages[note["pk"]].specific.delete(user=self.user)
        # The last change first, so that addresses become free in the opposite order.
        for note in reversed(undo.changed):
            page = undo.pages[note["pk"]].specific
            undo.restore(page, note)
            # Wagtail's own update comes later, in the background.
            ReferenceIndex.create_or_update_for_object(page.specific_class.objects.get(pk=page.pk))
        undo.remove_categories()
        undo.remove_files()
        locked.undone_at, locked.undone_by = timezone.now(), self.user
        locked.save()

    def restore(self, page, note):
        """Put a page back to what was public, and what a draft, before the import."""
        before = note["before"]
        if note["published"] and before["live"]:
            self.back_to(page, before["public"]).publish(user=self.user)
            if not before["draft"]:
                return
        elif note["published"]:
            page.unpublish(user=self.user)
        revision = self.back_to(page, before["latest"])
        page = revision.content_object
        if page.live and not before["draft"]:
            page.has_unpublished_changes = False
            page.save(update_fields=["has_unpublished_changes"])

    def back_to(self, page, number):
        """A new revision that says what the one of this number says."""
        old = page.revisions.filter(pk=number).first()
        if old is None:
            words = _("The earlier version of “%(title)s” is no longer kept.")
            raise ValidationError(words % {"title": page.title})
        content = old.as_object()
        if not content.live:
            # As Wagtail's form: while nothing is public, lists show the latest draft.
            content.save()
        return content.save_revision(user=self.user, log_action=True, previous_revision=old)

    def remove_categories(self):
        """Delete the categories that the import made, if nothing else has come to need them."""
        for category in EventCategory.objects.filter(pk__in=self.done.get("categories", [])):
            in_draft = EventPage.objects.filter(latest_revision__content__category=category.pk)
            used = category.events.exists() or in_draft.exists()
            if not (used or category.revisions.count() > 1 or self.is_used(category)):
                category.delete()

    def remove_files(self):
        """Delete the pictures and files that the import downloaded, if nothing else has come to need them."""
        for name, model in (("images", SiteImage), ("documents", SiteDocument)):
            policy = permission_policy(model)
            for thing in model.objects.filter(pk__in=self.done.get(name, [])):
                may = self.user is None or policy.user_has_permission_for_instance(self.user, "delete", thing)
                if may and not self.is_used(thing):
                    thing.delete()

    def is_used(self, thing):
        """Whether something shows a thing, or a draft that is younger than the import may."""
        if ReferenceIndex.get_references_to(thing).exists():
            return True
        return str(thing.pk) in self.numbers_in_drafts

    @cached_property
    def numbers_in_drafts(self):
        """All numbers in drafts that are younger than the import, apart from those of the pages undone."""
        undone = [str(note["pk"]) for note in self.changed]
        drafts = Revision.objects.filter(created_at__gt=self.event_import.done_at)
        contents = drafts.exclude(object_id__in=undone).values_list("content", flat=True)
        return {number for content in contents for number in NUMBER.findall(json.dumps(content))}
