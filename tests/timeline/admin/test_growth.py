"""The screens of the admin need no more queries for more events. `make bench` measures their time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests.bench import search_pages
from tests.bench.admin import complete, screens
from timeline.models import EventPage, TimelinePage

pytestmark = pytest.mark.django_db
FEW, MANY = 4, 60
# Wagtail asks for the workflow of each of the 25 pages that it shows.
CHOOSERS = {"Page chooser", "Page chooser of events"}


def add_events(numbers, editor):
    timeline = TimelinePage.objects.get()
    category = EventPage.objects.first().category
    writer = search_pages.Writer()
    events = [search_pages.searched_event(writer, timeline, [category], number) for number in numbers]
    search_pages.store(events)
    Page.objects.filter(pk=timeline.pk).update(numchild=numbers.stop)
    complete(editor)


def test_no_screen_needs_more_queries_for_more_events(admin_client, admin_user, monkeypatch, subtests):
    monkeypatch.setattr(search_pages, "VOCABULARY", 1000)
    search_pages.fill(FEW)
    complete(admin_user)
    addresses = screens()

    def queries_of(address):
        admin_client.get(address)  # Some things are looked up once after each change.
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(address).status_code == 200
        return len(captured)

    before = {name: queries_of(address) for name, address in addresses.items()}
    add_events(range(FEW, MANY), admin_user)
    for name in addresses.keys() - CHOOSERS:
        with subtests.test(name):
            assert queries_of(addresses[name]) <= before[name]
