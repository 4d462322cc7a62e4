"""Compare the screens of the admin on a site with 10,000 events more with those on a site with 100."""

import json
import logging
import sys
import time
from contextlib import ExitStack

from tests.bench.one_process import Process
from tests.bench.report import ROUNDS, measured, table

FEW, MANY = 100, 10_000
LIMIT = 1.5
HEADING = f"Screens of the admin at {MANY:,} events, beside {FEW}"
SERVE = "from tests.bench.admin import serve; serve()"
# What a revision says of its own event only.
OWN = ("pk", "path", "title", "draft_title", "slug", "url_path")


def fill(count):
    """Add events to the timeline as editors leave them: with sources, revisions and a log."""
    from django.core.management import call_command

    from home.models import User
    from tests.bench import search_pages

    logging.disable(logging.INFO)
    search_pages.fill(count)
    complete(User.objects.create_superuser("editor", "editor@example.org", "a long password"))
    call_command("update_index", verbosity=0)


def complete(editor):
    """Add what events have that `search_pages` stored in bulk."""
    from django.db.models import CharField, OuterRef
    from django.db.models.functions import Cast
    from django.utils import timezone
    from wagtail.models import Page, PageLogEntry, Revision, get_default_page_content_type

    from timeline.models import EventPage, EventSource

    events = list(EventPage.objects.filter(latest_revision=None).order_by("pk"))
    pages, now = get_default_page_content_type(), timezone.now()
    cited = {"title": "Minutes", "publisher": "Board of Alders", "url": "https://example.org/minutes"}
    EventSource.objects.bulk_create(EventSource(owner=event, sort_order=0, **cited) for event in events)
    # To serialize each of 10,000 events would take a minute.
    content = events[0].serializable_data()
    Revision.objects.bulk_create(
        (
            Revision(
                content_object=event,
                base_content_type=pages,
                content=content | {name: getattr(event, name) for name in OWN},
                object_str=event.title,
                user=editor,
                created_at=now,
            )
            for event in events
        ),
        batch_size=500,
    )
    revisions = Revision.objects.filter(
        base_content_type=pages, object_id=Cast(OuterRef("pk"), CharField(max_length=255))
    )
    Page.objects.type(EventPage).filter(latest_revision=None).update(
        latest_revision=revisions.values("pk")[:1], latest_revision_created_at=now
    )
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            content_type_id=event.content_type_id,
            page_id=event.pk,
            label=event.title,
            action="wagtail.publish",
            timestamp=now,
            user=editor,
        )
        for event in events
    )


def screens():
    """Return the addresses of the screens by their names."""
    from django.urls import reverse

    from timeline.models import EventPage, TimelinePage

    timeline, event = TimelinePage.objects.get(), EventPage.objects.order_by("pk").first()
    events = reverse("timeline_eventpage_modeladmin_index")
    chooser = reverse("wagtailadmin_choose_page")
    search = reverse("wagtailadmin_pages:search")
    explorer = reverse("wagtailadmin_explore", args=[timeline.pk])
    likeness = f"?title={event.title}&date={event.date}&pk={event.pk}"
    return {
        "First screen": reverse("wagtailadmin_home"),
        "List of events": events,
        "List of events, second page": f"{events}?p=1",
        "List of events, sorted by sources": f"{events}?o=5",
        "List of events, filtered by status": f"{events}?stage=5-live",
        "List of events, searched": f"{events}?q=lead",
        "Details of an event": reverse("timeline_eventpage_modeladmin_detail", args=[event.pk]),
        "Form of an event": reverse("wagtailadmin_pages:edit", args=[event.pk]),
        "Form of a new event": reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", timeline.pk]),
        "Form of the timeline": reverse("wagtailadmin_pages:edit", args=[timeline.pk]),
        "Question whether an event exists": reverse("like_events") + likeness,
        "History of an event": reverse("wagtailadmin_pages:history", args=[event.pk]),
        "Deleting an event": reverse("wagtailadmin_pages:delete", args=[event.pk]),
        "Explorer": explorer,
        "Explorer, sorted by title": f"{explorer}?ordering=title",
        "Explorer, searched": f"{explorer}?q=moratorium",
        "Page chooser": f"{reverse('wagtailadmin_choose_page_child', args=[timeline.pk])}",
        "Page chooser, searched": f"{reverse('wagtailadmin_choose_page_search')}?q=moratorium",
        "Page chooser of events": f"{chooser}?page_type=timeline.EventPage",
        "Search for pages": f"{search}?q=moratorium",
        "Search for pages, a frequent word": f"{search}?q=lead",
        "Import and export": reverse("event_exchange"),
        "Images": reverse("wagtailimages:index"),
        "Image chooser": reverse("wagtailimages_chooser:choose"),
        "Report: my drafts": reverse("my_drafts"),
        "Report: pages without a source": reverse("pages_without_sources"),
        "Report: pages to review": reverse("pages_past_review"),
        "Report: dead links": reverse("dead_links"),
        "Report: history of the site": reverse("wagtailadmin_reports:site_history"),
        "Report: types of pages": reverse("wagtailadmin_reports:page_types_usage"),
        "Report: locked pages": reverse("wagtailadmin_reports:locked_pages"),
        "Report: aging pages": reverse("wagtailadmin_reports:aging_pages"),
    }


def serve():
    """Print the screens, then answer each line of the standard input until it ends."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.test import Client

    from home.models import User

    addresses = screens()
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=True)
    client.force_login(User.objects.get(username="editor"))
    print(json.dumps(list(addresses)), flush=True)
    for line in sys.stdin:
        name, begun = json.loads(line), time.process_time()
        response = client.get(addresses[name])
        taken = time.process_time() - begun
        assert response.status_code == 200, (name, response.status_code)
        assert response.content
        print(json.dumps(taken), flush=True)


def section(base):
    rows = []
    with ExitStack() as stack:
        few, many = (
            stack.enter_context(Process(SERVE, base.with_events(count).environment)) for count in (FEW, MANY)
        )
        for name in few.first:
            for site in (few, many):
                site.tell(name)
            times = [(few.tell(name), many.tell(name)) for _round in range(ROUNDS)]
            rows.append([name, *measured([more / fewer for fewer, more in times], LIMIT)])
    return table(["Screen", "ratio of CPU", "limit", ""], rows)
