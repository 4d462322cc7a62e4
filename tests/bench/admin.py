"""
Compare the screens of the admin on a site with 10,000 events with the same on a site with 100.

    python -m tests.bench.admin

prints a table. `ratios` returns its rows. Both sites answer by turns, each in a process of its own.
"""

import json
import logging
import os
import statistics
import sys
import time
from contextlib import ExitStack

from tests.bench.one_process import Process
from tests.support.served import ServedSite

FEW, MANY = 100, 10_000
LIMIT = 1.5
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SERVE = "from tests.bench.admin import serve; serve()"


def fill(count):
    """Give an empty site a timeline with events as editors leave them: with sources, revisions and a log."""
    from django.core.management import call_command

    from home.models import User
    from tests.bench import search_pages
    from timeline.models import EventPage

    logging.disable(logging.INFO)
    search_pages.fill(count)
    editor = User.objects.create_superuser("editor", "editor@example.org", "a long password")
    complete(list(EventPage.objects.order_by("pk")), editor)
    call_command("update_index", verbosity=0)


def complete(events, editor):
    from django.utils import timezone
    from wagtail.models import PageLogEntry, Revision, get_default_page_content_type

    from timeline.models import EventPage, EventSource

    pages, now = get_default_page_content_type(), timezone.now()
    cited = {"title": "Minutes", "publisher": "Board of Alders", "url": "https://example.org/minutes"}
    EventSource.objects.bulk_create(EventSource(owner=event, sort_order=0, **cited) for event in events)
    for event in events:
        event.latest_revision_created_at = now
        event.latest_revision = Revision(
            content_object=event,
            base_content_type=pages,
            content=event.serializable_data(),
            object_str=event.title,
            user=editor,
            created_at=now,
        )
    Revision.objects.bulk_create([event.latest_revision for event in events], batch_size=500)
    EventPage.objects.bulk_update(events, ["latest_revision", "latest_revision_created_at"], batch_size=500)
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            content_type=event.content_type,
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
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from home.models import User

    addresses = screens()
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=True)
    client.force_login(User.objects.get(username="editor"))
    print(json.dumps(list(addresses)), flush=True)
    for line in sys.stdin:
        name, is_counted = json.loads(line)
        begun = time.process_time()
        if is_counted:
            with CaptureQueriesContext(connection) as captured:
                response = client.get(addresses[name])
            answer = len(captured)
        else:
            response = client.get(addresses[name])
            answer = (time.process_time() - begun) * 1000
        assert response.status_code == 200, (name, response.status_code)
        assert response.content
        print(json.dumps(answer), flush=True)


class Site(Process):
    """A process that answers requests of an editor for the screens of a site."""

    def __init__(self, environment):
        super().__init__(SERVE, environment)

    def ask(self, name, is_counted=False):
        """Return the CPU milliseconds of a request, or the number of its queries."""
        return self.tell([name, is_counted])


def ratios(rounds=ROUNDS):
    """Return for each screen its name, the median, least and largest ratio of CPU time, and the limit."""
    return [row[:5] for row in measured(rounds)]


def measured(rounds):
    rows = []
    with ExitStack() as stack:
        sites = []
        for count in (FEW, MANY):
            site = stack.enter_context(ServedSite())
            site.fill("tests.bench.admin", count)
            sites.append(stack.enter_context(Site(site.environment)))
        for name in sites[0].first:
            for site in sites:
                site.ask(name)
            queries = [site.ask(name, is_counted=True) for site in sites]
            times = [[site.ask(name) for site in sites] for _round in range(rounds)]
            found = [many / few for few, many in times]
            medians = [statistics.median(column) for column in zip(*times, strict=True)]
            rows.append((name, statistics.median(found), min(found), max(found), LIMIT, *medians, *queries))
    return rows


def main():
    print("| Screen | ratio | limit | ms at 100 | at 10,000 | queries at 100 | at 10,000 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, middle, least, most, limit, few, many, few_queries, many_queries in measured(ROUNDS):
        ratio = f"{middle:.2f} ({least:.2f} to {most:.2f})"
        print(f"| {name} | {ratio} | ≤ {limit} | {few:.0f} | {many:.0f} | {few_queries} | {many_queries} |")


if __name__ == "__main__":
    sys.exit(main())
