"""What search engines are told in JSON-LD, held against the vocabulary of schema.org and against the page."""

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

# The type of each page, and what it must say beyond what all pages say.
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
    """The things of a page, itself the first."""
    data = json.loads(html.find("script", type="application/ld+json").string)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def told(client, page):
    return json_ld(soup(client, page))


def of_type(things, kind):
    return next(thing for thing in things if thing["@type"] == kind)


def references(value):
    """What a thing and all in it refer to without saying what it is."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    return {value["@id"]} if set(value) == {"@id"} else references(list(value.values()))


@pytest.fixture
def pages(neighbors):
    """One page of each type, by its name."""
    return {name: make().specific for name, (make, _budget) in PAGE_TYPES.items()}


@needs("schema-dts")
def test_every_type_and_property_is_one_of_schema_org(pages, client, subtests):
    for name, page in pages.items():
        fill_in(page)
        things = told(client, page)
        with subtests.test(name):
            assert [problem for thing in things for problem in vocabulary().problems(thing)] == []


def test_a_page_says_what_it_is_and_refers_only_to_what_is_there(pages, client, subtests):
    addresses = {page.full_url for page in Page.objects.live().filter(depth__gt=1)}
    for name, page in pages.items():
        kind, more = TYPES[name]
        things = told(client, page)
        with subtests.test(name):
            assert things[0]["@type"] == kind
            assert ALWAYS | more <= set(things[0])
            assert things[0]["url"] == page.full_url
            assert references(things) <= addresses | {thing.get("@id") for thing in things}


def test_the_way_to_a_page_is_the_one_that_visitors_see(pages, client, subtests):
    del pages["home"]
    for name, page in pages.items():
        html = soup(client, page)
        steps = of_type(json_ld(html), "BreadcrumbList")["itemListElement"]
        seen = html.select("nav.breadcrumbs li")
        addresses = [step["item"]["@id"] for step in steps]
        with subtests.test(name):
            assert [step["name"] for step in steps] == [step.get_text(strip=True) for step in seen]
            assert [step["position"] for step in steps] == list(range(1, len(seen) + 1))
            assert [urlsplit(address).path for address in addresses[:-1]] == [
                link["href"] for link in html.select("nav.breadcrumbs a")
            ]
            assert addresses[-1] == page.full_url


def test_the_picture_is_the_one_for_sharing(client):
    for event in (factories.make_event(), factories.make_event(lead_image=factories.make_image())):
        html = soup(client, event)
        assert json_ld(html)[0]["image"] == html.find("meta", property="og:image")["content"]


def test_a_program_can_search_by_what_the_home_page_says(client):
    factories.make_event(title="Protest at City Hall")
    action = told(client, factories.make_home())[0]["potentialAction"]
    address = action["target"]["urlTemplate"].replace("{words}", "protest")
    assert action["query-input"] == "required name=words"
    assert address.startswith(factories.make_home().full_url)
    assert "data-result" in client.get(address).content.decode()


def test_the_home_page_says_who_keeps_the_site(client):
    factories.make_partner(title="SWAN", standing="1-watcher", website="https://swan.example/")
    factories.make_partner(title="City of New Haven", standing="3-subject")
    things = told(client, factories.make_home())
    assert [(keeper["name"], keeper["url"]) for keeper in things[0]["maintainer"]] == [
        ("SWAN", "https://swan.example/")
    ]
    assert of_type(things, "Organization")["name"] == things[0]["name"] == "New Haven LEAD Watch"


def test_an_event_is_told_with_its_dates_as_exactly_as_they_are_known(client):
    event = factories.make_event(date="about November 2017", end_date="2018", place="City Hall")
    about = told(client, event)[0]["about"]
    assert about["@type"] == "Event"
    assert (about["startDate"], about["endDate"]) == ("2017-11", "2018")
    assert about["location"]["name"] == "City Hall"


def test_corrections_are_told_and_updates_are_none(client):
    event = factories.make_event()
    event.corrections = [
        Correction(kind="correction", date=dt.date(2026, 3, 2), text="The year was wrong."),
        Correction(kind="update", date=dt.date(2026, 4, 5), text="A source was found."),
    ]
    event.save_revision().publish()
    assert told(client, event)[0]["correction"] == [
        {"@type": "CorrectionComment", "text": "The year was wrong.", "datePublished": "2026-03-02"}
    ]


@needs("schema-dts")
@pytest.mark.parametrize(
    ("thing", "problem"),
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
def test_what_is_wrong_would_be_found(thing, problem):
    (found,) = vocabulary().problems(thing)
    assert problem in found
