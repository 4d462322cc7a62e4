"""Validators of exports: they tell a client that nothing has changed, before any event is read."""

from django.db.models import Count, Max, Sum
from django.utils.http import http_date
from wagtail.models import ModelLogEntry, PageLogEntry

from home.text import fingerprint

__all__ = ["mark"]


def mark(response, timeline, events, about):
    """
    Give an answer the ETag and Last-Modified of some events.

    Besides the events these follow Wagtail's logs, since names of pages, pictures and categories are in an
    export too. So what an editor does always shows, and what touches no event may show as well.

    :param events: the EventQuerySet that the answer holds.
    :param about: text that tells the answer from others about the same events, such as its address.
    """
    state = events.order_by().aggregate(Count("pk"), Sum("pk"), Max("last_published_at"))
    logs = [log.objects.aggregate(Max("pk"), Max("timestamp")) for log in (PageLogEntry, ModelLogEntry)]
    facts = [about, timeline.full_url, timeline.last_published_at, *state.values()]
    for log in logs:
        facts += log.values()
    response["ETag"] = f'"{fingerprint(repr(facts))}"'
    times = [
        timeline.last_published_at,
        state["last_published_at__max"],
        *(log["timestamp__max"] for log in logs),
    ]
    if known := [time for time in times if time]:
        response["Last-Modified"] = http_date(max(known).timestamp())
