"""Each address leads to its page, wherever the page is in the tree, and to nothing else."""

import pytest
from wagtail.models import Page, Site

from home.addresses.reserved import names_of_routes
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def event():
    return factories.make_event(slug="launch", title="The launch")


def test_each_level_of_the_tree_has_its_address(client, event):
    below = factories.make_standard_page(slug="below", title="A page below an event")
    deeper = factories.make_standard_page(slug="deeper", title="A page below that")
    Page.objects.get(pk=below.pk).move(event, "last-child")
    Page.objects.get(pk=deeper.pk).move(Page.objects.get(pk=below.pk), "last-child")
    for page in (event.get_parent(), event, below, deeper):
        url = Page.objects.get(pk=page.pk).url
        assert page.title in client.get(url).content.decode(), url


def test_a_page_of_a_type_that_its_section_should_not_have_is_served(client, event):
    other = factories.make_standard_page(slug="other", title="In the wrong place")
    Page.objects.get(pk=other.pk).move(event.get_parent(), "last-child")
    assert "In the wrong place" in client.get("/timeline/other/").content.decode()


@pytest.mark.parametrize(
    "path", ["/timeline/nothing/", "/launch/", "/timeline/launch/launch/", "/timeline/timeline/launch/"]
)
def test_other_addresses_lead_nowhere(client, event, path):
    assert client.get(path).status_code == 404


def test_a_page_that_is_not_live_has_no_address(client, event):
    Page.objects.filter(pk=event.pk).update(live=False)
    assert client.get(event.url).status_code == 404


def test_a_served_page_knows_its_parents_without_a_query(event, rf, django_assert_num_queries):
    home = Site.objects.get().root_page.specific
    page, _args, _kwargs = home.route(rf.get("/"), ["timeline", "launch"])
    with django_assert_num_queries(0):
        assert [each.title for each in page.lineage] == ["The launch", "Timeline", home.title]


def test_the_routes_of_pages_are_known():
    assert {"embed", "share", "feed", "thanks"} <= names_of_routes()


def test_a_section_may_have_the_name_of_a_route_elsewhere(client):
    # The timeline has a route "share", and this page is not below it.
    parent = factories.make_standard_page(slug="how", title="How to")
    child = factories.make_standard_page(slug="share", title="Share what you know")
    Page.objects.get(pk=child.pk).move(parent, "last-child")
    assert "Share what you know" in client.get("/how/share/").content.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["", "embed/", "share/", "launch/"])
def test_pages_can_only_be_read(client, event, method, path):
    response = client.generic(method, event.get_parent().url + path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "Exit this page" in response.content.decode()
