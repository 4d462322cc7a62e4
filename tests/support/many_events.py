"""Many events, fast: rows that are copied from one event."""

from uuid import uuid4

from django.db import connection
from wagtail.models import Page

from tests.support import factories
from timeline.models import EventPage, EventSource, TimelinePage


def make_events(dates, timeline=None, concerns=(), partners=()):
    """Add a public event with two sources for each date, or pair of a date and an end, as EDTF."""
    timeline = timeline or factories.make_timeline()
    model = factories.make_event(timeline, concerns=list(concerns), partners=list(partners), date="2000")
    last = timeline.get_last_child()
    made = [copied_page(model, last, place) for place, _date in enumerate(dates, 1)]
    Page.objects.bulk_create(made)
    names = [field.column for field in EventPage._meta.local_concrete_fields]
    changed = ("page_ptr_id", "date", "end_date", "unique_id")
    columns = ", ".join(f"%s AS {name}" if name in changed else name for name in names)
    order = [name for name in names if name in changed]
    rows = []
    for page, date in zip(made, dates, strict=True):
        start, end = date if isinstance(date, tuple) else (date, "")
        values = {"page_ptr_id": page.pk, "date": start, "end_date": end, "unique_id": str(uuid4())}
        rows.append([*(values[name] for name in order), model.pk])
    sql = (
        f"INSERT INTO timeline_eventpage ({', '.join(names)}) "
        f"SELECT {columns} FROM timeline_eventpage WHERE page_ptr_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
    cited = [factories.source_fields(), factories.source_fields(title="Minutes", url="https://example.org/")]
    EventSource.objects.bulk_create(
        EventSource(owner_id=page.pk, sort_order=place, **fields)
        for page in made
        for place, fields in enumerate(cited)
    )
    for name, pages in (("concern", concerns), ("partner", partners)):
        through = getattr(EventPage, f"{name}s").through
        through.objects.bulk_create(
            through(eventpage_id=page.pk, **{f"{name}page_id": other.pk}) for page in made for other in pages
        )
    model.delete()
    TimelinePage.objects.filter(pk=timeline.pk).update(numchild=timeline.get_children().count())
    return list(EventPage.objects.filter(pk__in=[page.pk for page in made]))


def copied_page(model, last, place):
    """Return an unsaved page like a model, `place` places after the last child of its parent."""
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Page._meta.concrete_fields
        if field.name not in ("id", "latest_revision", "live_revision")
    }
    above, step = model.path[: -Page.steplen], Page._str2int(last.path[-Page.steplen :]) + place
    path = above + Page._int2str(step).rjust(Page.steplen, "0")
    slug = f"event-{path[len(above) :].lower()}"
    changes = {
        "path": path,
        "slug": slug,
        "title": f"Event {place}",
        "draft_title": f"Event {place}",
        "url_path": f"{model.url_path.rpartition(model.slug)[0]}{slug}/",
        "translation_key": uuid4(),
    }
    return Page(**(fields | changes))
