"""The published versions of a page, one a day: the last one that was published on it."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property
from django.utils.timezone import localdate
from wagtail.models import Page, PageLogEntry, Revision

from home.history.models import WithheldVersion

# Drafts are saved again and again, and autosaves replace each other: the log says what was published.
PUBLICATION = "wagtail.publish"


@dataclass(frozen=True)
class Version:
    """
    A page as visitors read it from a day on.

    `withheld` is the WithheldVersion if the text is gone. It may also be gone because an old site was cleaned
    up; then there is no revision either.
    """

    page: Page
    day: date
    revision: int
    is_kept: bool
    withheld: WithheldVersion | None = None

    @cached_property
    def shown(self):
        """The page as it was."""
        return Revision.objects.get(pk=self.revision).as_object()

    @property
    def corrections(self):
        """The corrections and updates of this day."""
        return [each for each in self.page.ordered_corrections if each.date == self.day]


def versions_of(page):
    """Return the Versions of a page, oldest first. Takes three queries."""
    publications = PageLogEntry.objects.filter(page=page.pk, action=PUBLICATION).exclude(revision=None)
    by_day = {
        localdate(moment): revision
        for moment, revision in publications.order_by("timestamp").values_list("timestamp", "revision")
    }
    kept = {*Revision.objects.filter(pk__in=by_day.values()).values_list("pk", flat=True)}
    withheld = {each.day: each for each in WithheldVersion.objects.filter(page=page.pk)}
    return [
        Version(page, day, revision, revision in kept and day not in withheld, withheld.get(day))
        for day, revision in by_day.items()
    ]


def version_on(page, day):
    """Return the Version that visitors read at the end of a day; None if the page was not published yet."""
    versions = versions_of(page)
    place = bisect_right([version.day for version in versions], day)
    return versions[place - 1] if place else None


def was_published(revision):
    return PageLogEntry.objects.filter(action=PUBLICATION, revision=revision).exists()
