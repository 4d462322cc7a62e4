"""Reasons why an import cannot be undone, as sentences for the editor."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, Revision

from home.querysets import BasePageQuerySet
from timeline.exchange.imports.applied_changes import PageNote

# The pages of an import that still exist, by primary key.
Pages = dict[int, Page]


def later_changes(notes: list[PageNote], pages: Pages, last_entry: int) -> Iterator[str]:
    """
    Yield sentences about changes after the import.

    :param last_entry: the id of the last entry in the page log when the import was done.
    """
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
