"""
Headers of exports and feeds: HTTP validators, so that clients with the current version cost no query for
events, and the same file in other languages.
"""

from django.db.models import Count, Max, Sum
from django.utils.http import http_date
from wagtail.models import ModelLogEntry, PageLogEntry

from home.seo.sitemap import link_header
from home.text import fingerprint


def name_translations(response, timeline, route, request):
    """Name the same file in other languages. With filters there is none, since their slugs differ."""
    if not request.GET and (header := link_header(timeline, route)):
        response["Link"] = header


def set_validators(response, timeline, events, address):
    """
    Set the ETag and Last-Modified of a response with some events.

    These depend on Wagtail's logs, too, since an export contains names of pages, images and categories. So
    they change with everything that an editor does, even if it doesn't affect these events. Our own actions,
    such as signing in and reading messages, don't count: visitors must not learn when they happen.

    :param events: the EventQuerySet that the response contains.
    :param address: the URL of the response.
    """
    state = events.order_by().aggregate(Count("pk"), Sum("pk"), Max("last_published_at"))
    logs = [
        log.objects.exclude(action__startswith="home.").aggregate(Max("pk"), Max("timestamp"))
        for log in (PageLogEntry, ModelLogEntry)
    ]
    facts = [address, timeline.full_url, timeline.last_published_at, *state.values()]
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
