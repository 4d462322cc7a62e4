"""Links to other sites are found on pages and figures."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concerns.models import ConcernSource
from home.external_links.extraction import extract_links
from home.models import LinkUse, StandardPage
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db

TEXT = (
    '<p>Read <a href="https://a.example/?x=1&amp;y=2">the <b>report</b></a>, '
    '<a href="mailto:a@b.example">write</a></p>'
)


def test_links_are_found_in_texts_blocks_and_fields_with_their_words():
    body = [
        {"type": "text", "id": "t", "value": TEXT},
        {
            "type": "quote",
            "id": "q",
            "value": {"text": "x", "who": "", "source_title": "A book", "source_url": "https://q.example/"},
        },
        {"type": "callout", "id": "c", "value": {"heading": "", "tone": "note", "text": TEXT}},
        {"type": "button", "id": "b", "value": {"text": "Go", "page": None, "url": "mailto:a@b.example"}},
    ]
    page = factories.make_partner(website="https://w.example/", body=body)
    found = [(each.url, each.path, each.words) for each in extract_links(page)]
    assert sorted(found) == [
        ("https://a.example/?x=1&y=2", "body.c.text", "the report"),
        ("https://a.example/?x=1&y=2", "body.t", "the report"),
        ("https://q.example/", "body.q.source_url", "A book"),
        ("https://w.example/", "website", page.title),
    ]


def test_a_source_has_its_title_and_archived_copy():
    source = EventSource(
        title="News",
        url="https://n.example/",
        archived_url="https://web.archive.org/web/1/https://n.example/",
    )
    event = factories.make_event(sources=[source])
    [found] = extract_links(event)
    assert (found.url, found.words) == ("https://n.example/", "News")
    assert found.path == f"sources.{event.sources.get().pk}.url"
    assert found.archived_url == source.archived_url


def test_links_to_the_archive_are_not_extracted():
    source = EventSource(title="Copy", url="https://web.archive.org/web/1/https://n.example/")
    assert not list(extract_links(factories.make_event(sources=[source])))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from([TEXT, "https://[", "http://x.example"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "value", "id", "url", "text", "title"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_any_stored_value_can_be_searched_for_links(value):
    page = StandardPage(title="x", body=[{"type": "quote", "id": "1", "value": value}])
    assert all(each.url.startswith("http") for each in extract_links(page))


def urls():
    return set(LinkUse.objects.values_list("link__url", flat=True))


def test_the_links_of_a_page_follow_what_visitors_see():
    event = factories.make_event(sources=[EventSource(title="News", url="https://old.example/")])
    assert urls() == {"https://old.example/"}
    source = event.sources.get()
    source.url = "https://new.example/"
    event.sources = [source]
    revision = event.save_revision()
    assert urls() == {"https://old.example/"}, "A draft changes nothing"
    revision.publish()
    assert urls() == {"https://new.example/"}
    event.unpublish()
    assert urls() == set()
    event.save_revision().publish()
    assert urls() == {"https://new.example/"}
    event.delete()
    assert urls() == set()


def test_the_links_of_figures_are_recorded():
    figure = factories.make_figure()
    source = figure.sources.get()
    source.url = "https://f.example/"
    figure.sources = [source]
    figure.save_revision().publish()
    assert urls() == {"https://f.example/"}
    figure.unpublish()
    assert urls() == set()


def test_a_url_that_is_too_long_is_ignored():
    long = "https://long.example/" + "x" * 600
    factories.make_standard_page(body=[{"type": "text", "value": f'<p><a href="{long}">x</a></p>'}])
    assert urls() == set()


def test_gather_all_finds_existing_links():
    factories.make_concern(sources=[ConcernSource(title="News", url="https://n.example/")])
    LinkUse.objects.all().delete()
    LinkUse.objects.gather_all()
    assert urls() == {"https://n.example/"}
