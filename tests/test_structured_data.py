"""The JSON-LD of each page follows the vocabulary of schema.org, and agrees with the page."""

import datetime as dt
import json
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page

from home.models import Correction
from tests.support import factories
from tests.support.packages import needs
from tests.support.pages import PAGE_TYPES, fill_in
from tests.support.vocabulary import vocabulary

pytestmark = pytest.mark.django_db

# The schema.org type of each page, and the properties it must have in addition to those of all pages.
TYPES = {
    "home": ("WebSite", {"potentialAction", "maintainer"}),
    "overview": ("AboutPage", set()),
    "standard": ("WebPage", set()),
    "concern index": ("CollectionPage", set()),
    "concern": ("Article", {"headline", "author", "citation"}),
    "timeline": ("CollectionPage", set()),
    "event": ("Article", {"headline", "author", "citation", "about"}),
    "document index": ("CollectionPage", set()),
    "document": ("ItemPage", {"mainEntity", "citation"}),
    "figures": ("Dataset", {"creator", "isAccessibleForFree", "variableMeasured"}),
    "glossary": ("DefinedTermSet", {"hasDefinedTerm"}),
    "partner index": ("CollectionPage", set()),
    "partner": ("ProfilePage", {"mainEntity"}),
    "contact": ("ContactPage", set()),
}
ALWAYS = {
    *("@id", "url", "name", "description", "image", "inLanguage"),
    *("publisher", "datePublished", "dateModified"),
}


def soup(client, page):
    return BeautifulSoup(client.get(page.url).content, "html.parser")


def json_ld(html):
    """Return the nodes of a page, beginning with the page itself."""
    data = json.loads(html.find("script", type="application/ld+json").string)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def data_of(client, page):
    return json_ld(soup(client, page))


def nodes_of_type(nodes, kind):
    return next(node for node in nodes if node["@type"] == kind)


def references(value):
    """Yield the IDs that a node and the nodes in it refer to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    return {value["@id"]} if set(value) == {"@id"} else references(list(value.values()))


@pytest.fixture
def pages(neighbors):
    """Create a page of each type; return them by name."""
    return {name: make().specific for name, (make, _budget) in PAGE_TYPES.items()}


@needs("schema-dts")
def test_all_types_and_properties_are_from_schema_org(pages, client, subtests):
    for name, page in pages.items():
        fill_in(page)
        nodes = data_of(client, page)
        with subtests.test(name):
            assert [problem for node in nodes for problem in vocabulary().problems(node)] == []


def test_a_page_describes_itself_and_refers_only_to_existing_nodes(pages, client, subtests):
    addresses = {page.full_url for page in Page.objects.live().filter(depth__gt=1)}
    for name, page in pages.items():
        kind, more = TYPES[name]
        nodes = data_of(client, page)
        with subtests.test(name):
            assert nodes[0]["@type"] == kind
            assert ALWAYS | more <= set(nodes[0])
            assert nodes[0]["url"] == page.full_url
            assert references(nodes) <= addresses | {node.get("@id") for node in nodes}


def test_the_breadcrumbs_are_those_that_visitors_see(pages, client, subtests):
    del pages["home"]
    for name, page in pages.items():
        html = soup(client, page)
        steps = nodes_of_type(json_ld(html), "BreadcrumbList")["itemListElement"]
        seen = html.select("nav.breadcrumbs li")
        addresses = [step["item"]["@id"] for step in steps]
        with subtests.test(name):
            assert [step["name"] for step in steps] == [step.get_text(strip=True) for step in seen]
            assert [step["position"] for step in steps] == list(range(1, len(seen) + 1))
            assert [urlsplit(address).path for address in addresses[:-1]] == [
                link["href"] for link in html.select("nav.breadcrumbs a")
            ]
            assert addresses[-1] == page.full_url


def test_the_image_is_the_one_for_sharing(client):
    for event in (factories.make_event(), factories.make_event(lead_image=factories.make_image())):
        html = soup(client, event)
        assert json_ld(html)[0]["image"] == html.find("meta", property="og:image")["content"]


def test_the_search_action_of_the_home_page_works(client):
    factories.make_event(title="Protest at City Hall")
    action = data_of(client, factories.make_home())[0]["potentialAction"]
    address = action["target"]["urlTemplate"].replace("{words}", "protest")
    assert action["query-input"] == "required name=words"
    assert address.startswith(factories.make_home().full_url)
    assert "data-result" in client.get(address).content.decode()


def test_the_home_page_names_the_publisher(client):
    factories.make_partner(title="SWAN", standing="1-watcher", website="https://swan.example/")
    factories.make_partner(title="City of New Haven", standing="3-subject")
    nodes = data_of(client, factories.make_home())
    assert [(keeper["name"], keeper["url"]) for keeper in nodes[0]["maintainer"]] == [
        ("SWAN", "https://swan.example/")
    ]
    assert nodes_of_type(nodes, "Organization")["name"] == nodes[0]["name"] == "New Haven LEAD Watch"


def test_the_dates_of_an_event_keep_their_precision(client):
    event = factories.make_event(date="about November 2017", end_date="2018", place="City Hall")
    about = data_of(client, event)[0]["about"]
    assert about["@type"] == "Event"
    assert (about["startDate"], about["endDate"]) == ("2017-11", "2018")
    assert about["location"]["name"] == "City Hall"


def test_corrections_are_listed_without_updates(client):
    event = factories.make_event()
    event.corrections = [
        Correction(kind="correction", date=dt.date(2026, 3, 2), text="The year was wrong."),
        Correction(kind="update", date=dt.date(2026, 4, 5), text="A source was found."),
    ]
    event.save_revision().publish()
    assert data_of(client, event)[0]["correction"] == [
        {"@type": "CorrectionComment", "text": "The year was wrong.", "datePublished": "2026-03-02"}
    ]


@needs("schema-dts")
@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"@type": "Webpage"}, "no such type"),
        ({"@type": "WebPage", "breadcrumbs": "Home"}, "no such property"),
        ({"@type": "Article", "startDate": "2016"}, "no such property"),
        ({"@type": "Organization", "members": "SWAN"}, "superseded"),
        ({"@type": "Article", "author": "SWAN"}, "'SWAN', where"),
        ({"@type": "Article", "publisher": {"@type": "Place"}}, "a Place, where"),
        ({"@type": "Event", "startDate": "2016-13"}, "'2016-13', where"),
        ({"@type": "Thing", "url": "/about/"}, "'/about/', where"),
        ({"@type": "Article", "about": [{"@type": "Event", "end": "2016"}]}, "no such property"),
    ],
)
def test_problems_are_found(node, problem):
    (found,) = vocabulary().problems(node)
    assert problem in found
