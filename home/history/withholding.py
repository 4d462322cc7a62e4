"""Withhold a version of a page whose text would harm somebody."""

from django.db import transaction
from django.utils.timezone import localdate
from wagtail.admin.models import FormState
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from home.corrections.models import WordingChange
from home.history.models import WithheldVersion
from home.history.versions import versions_of
from home.suggestions.models import Suggestion

WITHHELD = "home.version.withhold"


@transaction.atomic
def withhold(page, day, reason, user):
    """
    Remove the text of the Version of a day for good, with that of drafts before and after it.

    What visitors read now can't be withheld: it is published again without the words, and is then the version
    before. Copies of the text in backups are gone when those are.
    """
    versions = versions_of(page)
    place = [version.day for version in versions].index(day)
    version, after = versions[place], versions[place + 1]
    first = versions[place - 1].revision + 1 if place else 0
    titles = set()
    for revision in page.revisions.filter(pk__gte=first, pk__lt=after.revision):
        titles.add(revision.content["title"])
        revision.delete()
    forget(titles, page)
    empty_fields(page)
    FormState.objects.for_instance(page).delete()
    WordingChange.objects.filter(page=page.pk).delete()
    Suggestion.objects.filter(page=page.pk).exclude(
        state__in=(Suggestion.State.DRAFT, Suggestion.State.OPEN)
    ).delete()
    WithheldVersion.objects.create(
        page_id=page.pk, day=day, withheld_on=localdate(), withheld_by=user, reason=reason
    )
    log(instance=page, action=WITHHELD, user=user, data={"day": day.isoformat()})
    return version


def empty_fields(page):
    empty = {name: page._meta.get_field(name).get_default() for name in page.fields_with_former_words}
    if empty:
        type(page).objects.filter(pk=page.pk).update(**empty)
        for revision in page.revisions.all():
            revision.content |= empty
            revision.save(update_fields=["content"])


def forget(titles, page):
    """Remove titles of withheld versions from what is kept about others."""
    for revision in page.revisions.filter(content__draft_title__in=titles):
        revision.content["draft_title"] = revision.content["title"]
        revision.save(update_fields=["content"])
    titles -= {page.title}
    entries = PageLogEntry.objects.filter(page=page.pk)
    entries.filter(label__in=titles).update(label=page.get_admin_display_title())
    for entry in entries.filter(data__has_key="title"):
        if titles & {*entry.data.pop("title").values()}:
            entries.filter(pk=entry.pk).update(data=entry.data)
