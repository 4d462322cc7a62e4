"""Matches are counted exactly, by whatever a database counts from."""

from importlib import import_module

import pytest
from django.db import connection
from django.http import QueryDict
from wagtail.models import Locale, PageViewRestriction

from search.models import Entry
from search.results.search import Search
from tests.support import factories
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

YEARS = (2016, 2017, 2018)
migration = import_module("search.migrations.0002_facts_beside_words")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no copies.")


@pytest.fixture
def events():
    categories = [factories.make_category(name) for name in ("policy", "arrests")]
    concern = factories.make_concern(title="A concern about protests")
    made = [
        factories.make_event(
            title=f"Protest {number}",
            date=f"{YEARS[number % 3]}-05",
            end_date="2018-06" if number % 4 == 0 else "",
            category=categories[number % 2],
            live=number != 5,
        )
        for number in range(9)
    ]
    made[0].concerns = [concern]
    made[0].save_revision().publish()
    PageViewRestriction.objects.create(page=made[6].page_ptr, restriction_type="login")
    made[7].unpublish()
    return made


def search(**parameters):
    query = QueryDict(mutable=True)
    query.update({"q": "protests"} | parameters)
    return Search(query, Locale.get_default())


def found(**parameters):
    return [result.address for result in search(**parameters).results(0, 100)]


def test_the_count_of_each_filter_is_the_number_of_results_that_it_gives(events):
    whole = search()
    assert whole.total == len(found()) == 7
    assert dict(whole.years) == {year: len(found(year=str(year))) for year in YEARS}
    assert {option.slug: option.count for option in whole.kinds} == {"event": 6, "concern": 1}
    for name, _label, options in whole.groups:
        for option in options:
            assert option.count == search(**{name: option.slug}).total == len(found(**{name: option.slug}))
    both = {"year": "2016-2017", "category": "policy"}
    assert search(**both).total == len(found(**both)) > 0


def copies():
    """Return the rows of both tables, which must be the same."""
    with connection.cursor() as cursor:
        for key, table in (("id", "search_entry"), ("rowid", "search_words")):
            cursor.execute(f"SELECT {key}, is_public, locale_id, facet_set_id FROM {table} ORDER BY 1")
            yield cursor.fetchall()


def move_to_another_year(event):
    event.date, event.end_date = "1999", ""
    event.save_revision().publish()


@on_postgresql
@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save_revision().publish(),
        lambda event: event.unpublish(),
        lambda event: event.delete(),
        lambda event: PageViewRestriction.objects.create(page=event.page_ptr, restriction_type="login"),
        lambda event: PageViewRestriction.objects.all().delete(),
        move_to_another_year,
        lambda event: Entry.objects.update(is_public=False),
        lambda event: Entry.objects.filter(is_public=True).delete(),
        lambda event: Entry.objects.filter(is_public=True)._raw_delete("default"),
    ],
    ids=["publish", "unpublish", "delete", "hide", "show", "date", "update", "entries", "raw"],
)
def test_postgresql_keeps_its_copies_up_to_date(events, change):
    before, copied = copies()
    assert before == copied
    with connection.cursor() as cursor:
        # What refers to entries, which a raw deletion does not see.
        cursor.execute("DELETE FROM search_entrytext")
    change(EventPage.objects.get(pk=events[1].pk))
    after, copied = copies()
    assert after == copied


@on_postgresql
def test_the_migration_fills_rows_of_before_and_does_so_twice_without_harm(events):
    run(migration.REMOVE)
    run(migration.ADD)
    # The version of before may write meanwhile, by the same statements.
    EventPage.objects.get(pk=events[1].pk).save_revision().publish()
    for _time in range(2):
        run(migration.ADD)
        run(migration.FILL)
        entries, copied = copies()
        assert entries == copied
    assert search().total == 7


@on_postgresql
def test_words_go_with_entries_that_are_truncated(events):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("TRUNCATE search_entry, search_entrytext")
    assert list(copies()) == [[], []]


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
