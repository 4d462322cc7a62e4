"""The database works no longer for a page when there are more events. `make bench` measures the time."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from tests.support import factories
from tests.support.many_events import make_events

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the instructions of SQLite"),
]
FEW, MANY = 250, 2500


@contextmanager
def counted_work():
    """Yield a list that gets an element for every 100 instructions of SQLite."""
    done = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: done.append(1), 100)
    try:
        yield done
    finally:
        connection.connection.set_progress_handler(None, 0)


def add_events(timeline, numbers):
    """Add events of the same twenty years."""
    dates = [f"{2000 + place % 20}-{place % 12 + 1:02}" for place in numbers]
    return make_events(dates, timeline)


def test_no_page_takes_more_work_for_more_events(client, admin_client, subtests):
    factories.make_concern()
    factories.make_partner(standing="1-watcher")
    timeline = factories.make_timeline()
    event = add_events(timeline, range(FEW))[0]
    small = factories.make_timeline(slug="other", title="Other")
    factories.make_event(small, title="Alone")
    addresses = {
        "home": "/",
        "feed": "/feed/",
        "event": event.url,
        "concern": factories.make_concern().url,
        "timeline": timeline.url,
        "frame": timeline.frame_url,
        "small timeline": small.url,
        "search": "/search/?q=nothing+of+the+kind",
    }

    question = f"{reverse('like_events')}?title=A+new+law&date=2005-05-02&parent={timeline.pk}"
    addresses["question whether an event exists"] = question

    def work_for(address):
        visitor = admin_client if address == question else client
        visitor.get(address)  # Some things are looked up once after each change.
        with counted_work() as done:
            assert visitor.get(address).status_code == 200
        return len(done)

    before = {name: work_for(address) for name, address in addresses.items()}
    add_events(timeline, range(FEW, MANY))
    for name, address in addresses.items():
        with subtests.test(name):
            assert work_for(address) <= 1.5 * before[name] + 10
