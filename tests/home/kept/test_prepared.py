import pytest
from django.db.models import Q
from wagtail.models import Page

from home.kept.prepared import Parameter, Parameters, Prepared, is_stored
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def events():
    return [factories.make_event(title=title, date="2017") for title in ("100 %", "%s", "O'Hara", "Straße")]


def test_a_query_finds_what_its_queryset_finds_for_each_value(events):
    find = Prepared(EventPage.objects.filter(title=Parameter(0)).order_by("pk"))
    for event in events:
        assert find(event.title) == list(EventPage.objects.filter(title=event.title)) == [event]
    assert find("none of them") == []


def test_values_go_to_their_places(events):
    first, second, *_others = events
    find = Prepared(Page.objects.filter(Q(pk=Parameter(1)) | Q(title=Parameter(0))).order_by("pk"))
    assert [page.pk for page in find(first.title, second.pk)] == [first.pk, second.pk]


def test_lists_of_values_may_have_any_length(events):
    find = Prepared(EventPage.objects.filter(depth__gt=Parameter(1), pk__in=Parameters(0)).order_by("-pk"))
    keys = [event.pk for event in events]
    for some in (keys, keys[:1], keys[2:]):
        assert [event.pk for event in find(some, 1)] == sorted(some, reverse=True)
    assert find([], 1) == []
    assert find(keys, 100) == []
    by_relation = Prepared(EventSource.objects.filter(owner__in=Parameters(0)))
    assert len(by_relation(keys)) == EventSource.objects.filter(owner__in=keys).count() > 0


def test_objects_come_with_their_relations_and_annotations(events, django_assert_num_queries):
    find, category = Prepared(EventPage.objects.for_serving().filter(pk=Parameter(0))), events[0].category
    with django_assert_num_queries(1):
        (event,) = find(events[0].pk)
        assert event.locale.language_code == "en"
        assert event.category == category
        assert event.ordered_corrections == []
    assert event.date == events[0].date


def test_rows_are_converted(events):
    find = Prepared(EventPage.objects.filter(pk=Parameter(0)).values_list("title", "date"))
    assert find(events[2].pk) == [("O'Hara", events[2].date)]


def test_a_query_that_cannot_match_finds_nothing():
    assert Prepared(Page.objects.filter(pk__in=[]))() == []


def test_a_query_does_not_remember_what_it_found(events):
    find = Prepared(EventPage.objects.filter(pk=Parameter(0)))
    assert find(events[0].pk)[0].title == "100 %"
    Page.objects.filter(pk=events[0].pk).update(title="All of them")
    assert find(events[0].pk)[0].title == "All of them"


def test_the_objects_of_a_draft_are_not_those_that_are_stored(events):
    assert is_stored(events[0].sources.all())
    assert not is_stored(EventPage().sources.all())
    draft = events[0].save_revision().as_object()
    draft.sources = [EventSource(title="A source of the draft")]
    assert not is_stored(draft.sources.all())
    assert [source.title for source in draft.cited_sources] == ["A source of the draft"]
