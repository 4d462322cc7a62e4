import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import factories
from timeline.filters import EventFilters
from timeline.models import EventPage
from timeline.models.renames import current_slugs
from timeline.parameters import MAX_QUERY_LENGTH

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def timeline():
    concern, partner = factories.make_concern(slug="fit"), factories.make_partner(slug="swan")
    policy, funding = factories.make_category("policy"), factories.make_category("funding")
    factories.make_event(title="Grant", date="2017-05", category=funding)
    factories.make_event(title="Protest", date="2016-11", category=policy, partners=[partner])
    factories.make_event(title="Report", date="2020-01", category=policy, concerns=[concern])
    return factories.make_timeline()


def found(timeline, query):
    filters = timeline.read_filters(QueryDict(query))
    return [event.title for event in filters.apply(timeline.events)]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Protest", "Grant", "Report"]),
        ("order=newest", ["Report", "Grant", "Protest"]),
        ("category=funding", ["Grant"]),
        ("category=funding&category=policy", ["Protest", "Grant", "Report"]),
        ("category=policy&partner=swan", ["Protest"]),
        ("concern=fit", ["Report"]),
        ("concern=fit&partner=swan", []),
        ("year=2017", ["Grant"]),
        ("year=2016-2017", ["Protest", "Grant"]),
        ("year=2016&year=2020", ["Protest", "Report"]),
        ("q=protest", ["Protest"]),
        ("q=protest&year=2017", []),
    ],
)
def test_repeated_parameters_are_alternatives_and_different_ones_narrow(timeline, query, titles):
    assert found(timeline, query) == titles


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("year=20", ["year"]),
        ("year=2019-2017", ["year"]),
        ("order=up", ["order"]),
    ],
)
def test_invalid_values_are_ignored_and_the_page_says_so(client, timeline, query, ignored):
    filters = timeline.read_filters(QueryDict(query))
    assert filters.ignored == ignored
    assert not filters.are_set
    html = client.get(f"{timeline.url}?{query}").content.decode()
    assert html.count('<article class="event"') == 3
    assert "ignored" in html or "left out" in html or "not understood" in html


def test_drafts_of_concerns_are_unknown(timeline):
    concern = factories.make_concern(slug="draft", live=False)
    assert timeline.read_filters(QueryDict(f"concern={concern.slug}")).unknown == ["concern"]
    assert found(timeline, f"concern={concern.slug}") == []


def test_the_page_says_if_no_event_matches(client, timeline):
    html = client.get(f"{timeline.url}?year=1999").content.decode()
    assert 'class="event"' not in html
    assert "No event" in html or "no event" in html


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["category", "concern", "partner", "year", "q", "order", "x"]), st.text())
)
def test_no_query_string_is_an_error(parameters):
    query = QueryDict(mutable=True)
    query.update(parameters)
    choices = {"category": [], "concern": [], "partner": []}
    filters = EventFilters(query, choices, current_slugs)
    assert len(filters.q) <= MAX_QUERY_LENGTH
    list(filters.apply(EventPage.objects.all()))
