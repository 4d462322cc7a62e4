"""The factories of tests leave the same rows as an editor who publishes a new page."""

import re
from itertools import count

import pytest
from django.db import connection, transaction

from tests.support import factories, rows, stored
from tests.support.pages import PAGE_TYPES, make_neighbors
from timeline.models import EventSource

# The state of a page in its revision, which Wagtail does not read from there, times, and random identifiers.
PASSING = re.compile(
    r'"(live|has_unpublished_changes)": (true|false)'
    r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?|\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b"
)
# What counts changes, and how SQLite stores the words of the search.
LEFT_OUT = ("leadwatch_contentversion", "search_facetset", "search_words", "sqlite_")
# The search counts what it has ever stored.
COUNTED = re.compile(r"\('(id|entry_id|facet_set_id)', \d+\)")


def make_linked():
    factories.make_event(sources=[EventSource(**factories.source_fields(url="https://news.example/lead"))])


MAKERS = [make_neighbors, make_linked, *(make for make, _queries in PAGE_TYPES.values())]


def publish(page, parent):
    """Publish a new page as editors do: it is a draft first."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision(clean=False).publish()


def left_by(make, monkeypatch):
    """Return the rows of all tables after `make`, which are removed again."""
    monkeypatch.setattr(factories, "numbers", count(1))
    with transaction.atomic():
        # Stored pages have the numbers that they get in this order.
        for make_stored in factories.STORED:
            make_stored()
        make()
        found = rows.tables(connection.connection, *LEFT_OUT)
        transaction.set_rollback(True)
    return {table: sorted(lasting(table, row) for row in lines) for table, lines in found.items()}


def lasting(table, row):
    """Return what has to be the same in a row."""
    return PASSING.sub("", COUNTED.sub("", row) if table.startswith("search_") else row)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="Its sequences go on after a rollback.")
@pytest.mark.parametrize("make", MAKERS)
def test_a_page_of_the_factories_is_like_a_published_one(make, monkeypatch):
    made = left_by(make, monkeypatch)
    monkeypatch.setattr(stored, "put", lambda model: None)
    monkeypatch.setattr(factories, "add_live", publish)
    assert left_by(make, monkeypatch) == made
