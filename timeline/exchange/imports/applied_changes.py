"""Notes of what an import has done, exact enough to undo it."""

from wagtail.models import Page, PageLogEntry

from home.models import SiteImage

__all__ = ["Done", "revisions_of", "state_of"]


class Done:
    """
    A record of what an import has done.

    `data` is plain data for json: the numbers of `created` and `changed` pages with their revisions, the
    timeline among them, and of the `categories`, `images` and `documents` that it made; `problems` are the
    reasons why others did not come, by their addresses; `log` is the last entry of the pages' log, behind
    which stands whatever others did later.
    """

    def __init__(self):
        self.data = {"created": [], "changed": [], "categories": [], "images": [], "documents": []}

    def note_page(self, page, revision, published, before):
        """
        :param published: whether the import has published it.
        :param before: its `state_of` before the import, None for a new page.
        """
        note = {
            "pk": page.pk,
            "title": page.title,
            "revision": revision.pk,
            "at": revision.created_at.isoformat(),
            "published": published,
        }
        self.data["changed" if before else "created"].append(note | {"before": before})

    def note_category(self, category):
        self.data["categories"].append(category.pk)

    def finish(self, downloads):
        if downloads:
            self.data["problems"] = downloads.problems
            for thing in downloads.made:
                self.data["images" if isinstance(thing, SiteImage) else "documents"].append(thing.pk)
        last = PageLogEntry.objects.order_by("pk").last()
        self.data["log"] = last.pk if last else 0


def state_of(page):
    """
    Name the revisions that hold the public page and its draft.

    A page without such a revision gets one; otherwise nothing would keep what the import replaces.
    """
    latest, public = page.latest_revision_id, page.live_revision_id
    if latest is None or (page.live and public is None):
        stored = type(page).objects.get(pk=page.pk).save_revision(changed=False, clean=False)
        latest, public = latest or stored.pk, public or stored.pk
    return {"live": page.live, "draft": page.has_unpublished_changes, "latest": latest, "public": public}


def revisions_of(timeline):
    """Return facts that differ after any change of a timeline or of its events."""
    pages = Page.objects.child_of(timeline) | Page.objects.filter(pk=timeline.pk)
    return set(pages.values_list("pk", "latest_revision", "latest_revision_created_at", "live"))
