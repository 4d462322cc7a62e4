"""Published versions of pages."""

import datetime as dt

from django.utils import timezone
from wagtail.models import PageLogEntry

# A day on which some tests have a version published.
VERSION = "2026-11-01"


def publish_on(day, page, **fields):
    """Publish a page with other values in some fields, and date that back to noon of a day."""
    page = page.specific_class.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    page.refresh_from_db()
    return date_back(day, page)


def date_back(day, page):
    """Date the publication of what visitors read back to noon of a day, such as "2026-11-01"."""
    noon = timezone.make_aware(dt.datetime.fromisoformat(f"{day}T12:00"))
    entries = PageLogEntry.objects.filter(page=page.pk, revision=page.live_revision_id)
    assert entries.update(timestamp=noon)
    return page
