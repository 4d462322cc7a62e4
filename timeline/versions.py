"""HTTP validators of exports, so that unchanged ones are not sent again."""

from django.db.models import Count, Max, Sum
from django.utils.http import http_date
from wagtail.models import ModelLogEntry, PageLogEntry

from home.text import fingerprint

__all__ = ["set_validators"]


def set_validators(response, timeline, events, about):
    """
    Set the ETag and Last-Modified headers of a response with events.

    They also change with Wagtail's logs, since an export has names of pages, images and categories, too. So
    they change with every edit, even if it concerns no event.

    :param events: the EventQuerySet of the response.
    :param about: text that tells the response from others with the same events, such as its address.
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
