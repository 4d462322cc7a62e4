"""Former slugs keep their meaning, and unknown ones never show more events."""

import json
import re
from urllib.parse import quote

import pytest
from wagtail.models import Site

from tests.support import factories
from timeline.models import EventCategory, EventPage, TimelinePage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

UNKNOWN = "something unknown"


@pytest.fixture
def publish(django_capture_on_commit_callbacks):
    """Change and publish a page or a category as the admin does, with redirects."""

    def publish(thing, **fields):
        thing = type(thing).objects.get(pk=thing.pk)
        for name, value in fields.items():
            setattr(thing, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            thing.save_revision().publish()
        thing.refresh_from_db()
        return thing

    return publish


@pytest.fixture
def named():
    """A timeline with an event for a concern, one for a partner, and one for a category."""
    things = {
        "concern": factories.make_concern(slug="fit", title="Fit"),
        "partner": factories.make_partner(slug="swan", title="SWAN"),
        "category": factories.make_category("rules"),
    }
    factories.make_event(title="Report", slug="report", date="2016", concerns=[things["concern"]])
    factories.make_event(title="Protest", slug="protest", date="2017", partners=[things["partner"]])
    factories.make_event(title="Rule", slug="rule", date="2018", category=things["category"])
    factories.make_event(
        title="Grant", slug="grant", date="2019", category=factories.make_category("funding")
    )
    return things


EXPECTED = {"concern": ["report"], "partner": ["protest"], "category": ["rule"]}
PLACES = ["", "embed/"]
FILES = ["events.json", "events.csv", "events.ics", "feed/"]


def events_at(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    html = response.content.decode()
    return re.findall(r'<article class="event[^"]*" id="event-([^"]+)"', html), html


def text_of(response):
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_former_slug_works_on_every_form_of_the_timeline(client, named, publish, name):
    thing, timeline = named[name], factories.make_timeline()
    former = thing.slug
    for slug in ("second", "third"):
        thing = publish(thing, slug=slug)
    for slug in (former, "second", "third"):
        for place in PLACES:
            assert events_at(client, f"{timeline.url}{place}?{name}={slug}")[0] == EXPECTED[name], slug
        for file in FILES:
            text = text_of(client.get(f"{timeline.url}{file}?{name}={slug}"))
            titles = [title for title in ("Report", "Protest", "Rule", "Grant") if title in text]
            assert titles == [EXPECTED[name][0].capitalize()], (file, slug)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_current_owner_of_a_slug_wins_over_a_former_one(client, named, publish, name):
    thing, timeline = named[name], factories.make_timeline()
    former = thing.slug
    publish(thing, slug="renamed")
    make = {
        "concern": lambda: factories.make_concern(slug=former),
        "partner": lambda: factories.make_partner(slug=former),
        "category": lambda: factories.make_category(former),
    }[name]
    make()
    assert events_at(client, f"{timeline.url}?{name}={former}")[0] == []
    assert events_at(client, f"{timeline.url}?{name}=renamed")[0] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_unknown_slug_shows_no_events_and_a_notice(client, named, name):
    timeline = factories.make_timeline()
    for place in PLACES:
        events, html = events_at(client, f"{timeline.url}{place}?{name}=never")
        assert events == []
        visible = re.sub(r"<!--.*?-->", "", html, flags=re.S)
        assert UNKNOWN in visible
        assert f"unknown: {name}" in visible
        assert re.search(rf'<a [^>]*href="[^"]*{timeline.url}"[^>]*>Show all events</a>', html)
        assert html.count("Show all events") == 1
        assert "Only showing" not in html
    for file in FILES:
        text = text_of(client.get(f"{timeline.url}{file}?{name}=never"))
        assert not any(title in text for title in ("Report", "Protest", "Rule", "Grant"))


@pytest.mark.parametrize("value", ["never%00", "%F0%9F%98%80", "a" * 5000, "'", "%25", "b&concern=c"])
def test_odd_slugs_are_no_error(client, named, value):
    timeline = factories.make_timeline()
    query = f"concern={value}&partner={value}&category={value}&event={value}"
    events, html = events_at(client, f"{timeline.url}embed/?{query}")
    assert events == []
    assert "unknown: category, concern, partner, event" in html


@pytest.mark.parametrize("name", EXPECTED)
def test_an_unknown_slug_next_to_a_known_one_is_left_out_and_reported(client, named, name):
    timeline = factories.make_timeline()
    for place in PLACES:
        events, html = events_at(client, f"{timeline.url}{place}?{name}={named[name].slug}&{name}=never")
        assert events == EXPECTED[name]
        assert f"was ignored: {name}." in html


def test_the_slug_of_an_unpublished_page_is_unknown(client, named, publish):
    timeline = factories.make_timeline()
    publish(named["concern"], slug="renamed").unpublish()
    for slug in ("fit", "renamed"):
        assert events_at(client, f"{timeline.url}?concern={slug}")[0] == []


def test_publishing_an_older_revision_of_a_category_keeps_its_former_slugs(client, named, publish):
    category, timeline = named["category"], factories.make_timeline()
    first = category.save_revision()
    publish(category, slug="second")
    first.publish()
    publish(category, slug="third")
    for slug in ("rules", "second", "third"):
        assert events_at(client, f"{timeline.url}?category={slug}")[0] == ["rule"]


def test_a_renamed_category_keeps_its_former_slug(named, publish):
    publish(named["category"], slug="statutes")
    assert EventCategory.objects.get(slug="statutes").former_slugs.get().slug == "rules"


def test_former_slugs_work_in_the_search_and_unknown_ones_find_nothing(client, named, publish):
    publish(named["concern"], slug="renamed")
    results = client.get("/search/?q=report&concern=fit").content.decode()
    assert results.count("data-result") == 1
    assert 'value="renamed" checked' in results
    nothing = client.get("/search/?q=report&concern=never").content.decode()
    assert "data-result" not in nothing
    assert UNKNOWN in nothing


def test_an_embed_scrolls_to_a_renamed_event(client, named, publish):
    timeline = factories.make_timeline()
    publish(EventPage.objects.get(slug="rule"), slug="new-rule")
    response = client.get(f"{timeline.url}embed/?event=rule&theme=dark")
    assert response["Location"] == f"{timeline.url}embed/?theme=dark#event-new-rule"


def test_an_embed_redirects_to_the_timeline_to_which_its_event_was_moved(client, named):
    timeline = factories.make_timeline()
    other = factories.make_timeline(slug="courts", title="Courts")
    event = EventPage.objects.get(slug="rule")
    event.move(other, pos="last-child")
    response = client.get(f"{timeline.url}embed/?event=rule&theme=dark", follow=True)
    assert response.redirect_chain[-1][0] == f"{other.url}embed/?theme=dark#event-rule"
    assert "Rule" in response.content.decode()


def test_an_embed_with_an_unknown_event_shows_no_events_and_a_notice(client, named):
    timeline = factories.make_timeline()
    EventPage.objects.get(slug="grant").unpublish()
    for slug in ("never", "grant", "never%00"):
        events, html = events_at(client, f"{timeline.url}embed/?event={slug}")
        assert events == []
        assert "unknown: event" in html
        assert "Show all events" in html


def test_an_event_that_does_not_match_the_filters_is_reported(client, named):
    timeline = factories.make_timeline()
    events, html = events_at(client, f"{timeline.url}embed/?event=rule&concern=fit")
    assert events == ["report"]
    assert "was ignored: event." in html


def test_oembed_supports_former_urls_of_pages(client, named, publish):
    site, timeline = Site.objects.get(is_default_site=True), factories.make_timeline()
    concern, event = named["concern"], EventPage.objects.get(slug="rule")
    former = [concern.full_url, event.full_url, timeline.full_url]
    publish(concern, slug="renamed")
    publish(event, slug="new-rule")
    publish(TimelinePage.objects.get(pk=timeline.pk), slug="record")
    frames = []
    for address in former:
        response = client.get(f"/oembed/?url={quote(address)}")
        assert response.status_code == 200, address
        frames.append(re.search(r'src="([^"]+)"', json.loads(response.content)["html"])[1])
    assert [frame.removeprefix(site.root_url) for frame in frames] == [
        "/record/embed/?concern=renamed",
        "/record/embed/?event=new-rule",
        "/record/embed/",
    ]


def test_oembed_does_not_reveal_a_renamed_page_that_is_not_public(client, named, publish):
    former = named["concern"].full_url
    publish(named["concern"], slug="renamed").unpublish()
    assert client.get(f"/oembed/?url={quote(former)}").status_code == 404


def test_the_builder_uses_current_slugs_and_reports_unknown_ones(client, named, publish):
    timeline = factories.make_timeline()
    publish(named["concern"], slug="renamed")
    publish(EventPage.objects.get(slug="report"), slug="first-report")
    html = client.get(f"{timeline.url}share/?concern=fit&event=report").content.decode()
    assert 'data-concern="renamed" data-event="first-report"' in html.replace("&quot;", '"')
    html = client.get(f"{timeline.url}share/?concern=never&event=gone").content.decode()
    assert "These values are not valid here and were ignored: Concern, Open at an event" in html


def test_known_slugs_take_no_further_query(client, named, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    timeline = factories.make_timeline()
    client.get(f"{timeline.url}?concern=fit")
    with CaptureQueriesContext(connection) as known:
        client.get(f"{timeline.url}?concern=fit")
    assert not [query for query in known if "wagtailredirects" in query["sql"]]
    with CaptureQueriesContext(connection) as unknown:
        client.get(f"{timeline.url}?concern=a&concern=b&concern=c&concern=fit")
    assert len(unknown) == len(known) + 1
