"""Notes of what an import has changed, exact enough to undo it."""

from typing import Any, TypedDict

from wagtail.models import Page, PageLogEntry, Revision

from home.models import SiteImage
from timeline.exchange.references.downloads import Downloads
from timeline.models import TimelinePage


class PageState(TypedDict):
    """A page before an import: the ids of its revisions, and what they were."""

    live: bool
    draft: bool
    latest: int
    public: int | None


class PageNote(TypedDict):
    """A page that an import has made or changed; `before` is None for a new page."""

    pk: int
    title: str
    revision: int
    at: str
    published: bool
    before: PageState | None


class AppliedChanges:
    """
    Collects what an import changes.

    `data` can be stored as JSON. It has the notes of `created` and `changed` pages, including the timeline,
    the ids of the `categories`, `images` and `documents` that were made, `problems` with downloads by their
    addresses, and in `log` the id of the last entry of the page log, to tell later changes by others.
    """

    def __init__(self) -> None:
        lists = ("created", "changed", "categories", "images", "documents")
        self.data: dict[str, Any] = {name: [] for name in lists}

    def note_page(self, page: Page, revision: Revision, published: bool, before: PageState | None) -> None:
        """Note a page. `before` is its `state_of` before the import, or None for a new page."""
        note: PageNote = {
            "pk": page.pk,
            "title": page.title,
            "revision": revision.pk,
            "at": revision.created_at.isoformat(),
            "published": published,
            "before": before,
        }
        self.data["changed" if before else "created"].append(note)

    def finish(self, downloads: Downloads | None) -> None:
        if downloads:
            self.data["problems"] = downloads.problems
            for made in downloads.made:
                self.data["images" if isinstance(made, SiteImage) else "documents"].append(made.pk)
        last = PageLogEntry.objects.order_by("pk").last()
        self.data["log"] = last.pk if last else 0


def state_of(page: Page) -> PageState:
    """Return a page's public revision and draft. A page without revisions gets one, to be restored later."""
    latest, public = page.latest_revision_id, page.live_revision_id
    if latest is None or (page.live and public is None):
        stored = type(page).objects.get(pk=page.pk).save_revision(changed=False, clean=False)
        latest, public = latest or stored.pk, public or stored.pk
    return {"live": page.live, "draft": page.has_unpublished_changes, "latest": latest, "public": public}


def revisions_of(timeline: TimelinePage) -> set[tuple]:
    """Return facts that differ after any change to a timeline or one of its events."""
    pages = Page.objects.child_of(timeline) | Page.objects.filter(pk=timeline.pk)
    return set(pages.values_list("pk", "latest_revision", "latest_revision_created_at", "live"))
