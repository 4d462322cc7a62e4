"""Database queries for the real content: pages full of links, sources and events."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

pytestmark = pytest.mark.django_db

# Maximum number of queries of a page of each type, from the second visit on.
BUDGETS = {"HomePage": 25, "TimelinePage": 20}
BUDGET = 15
OTHER_ADDRESSES = {"/feed/": 20, "/search/?q=lead": 20, "/sitemap.xml": 21}


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_every_page_stays_within_its_budget_of_queries(starter_content, client, subtests):
    budgets = {
        page.url: BUDGETS.get(page.specific_class.__name__, BUDGET)
        for page in Page.objects.live().filter(depth__gt=1)
    }
    assert len(budgets) > 40
    for address, budget in (budgets | OTHER_ADDRESSES).items():
        with subtests.test(address):
            assert queries_of(client, address) <= budget


def test_a_sitemap_of_more_pages_takes_as_many_queries(starter_content, client):
    before = queries_of(client, "/sitemap.xml")
    event = Page.objects.live().filter(slug="final-report", depth=4).last().specific
    for number in range(10):
        event.copy(update_attrs={"slug": f"copy-{number}"}, keep_live=True)
    assert queries_of(client, "/sitemap.xml") == before
