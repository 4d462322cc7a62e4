"""The page on which partners build the code for their sites."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.support import factories
from timeline.embedding.builder import Builder
from timeline.embedding.options import EmbedOptions
from timeline.models import EmbedSettings

pytestmark = pytest.mark.django_db

FULL = (
    "category=policing&category=policy&concern=fit&partner=swan&year=2016&year=2018-2019&q=a+%22b%22+%3Cc%3E"
    "&order=newest&limit=3&layout=compact&theme=dark&accent=335577&heading=3&lang=es&event=protest"
)


@pytest.fixture
def timeline():
    concern, partner = factories.make_concern(slug="fit"), factories.make_partner(slug="swan")
    factories.make_category("policing")
    factories.make_event(
        title='A "b" <c>', slug="protest", date="2016", concerns=[concern], partners=[partner], place="b c"
    )
    timeline = factories.make_timeline()
    timeline.title = 'Time & "line"'
    timeline.save_revision().publish()
    return timeline


class Tags(HTMLParser):
    """The tags of some HTML with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def snippet(page, name):
    """Return the code that a visitor copies from the page."""
    text = page.content.decode()
    start = text.index(f'id="snippet-{name}"')
    return unescape(text[text.index(">", start) + 1 : text.index("</textarea>", start)])


def meaning(query, timeline):
    """Return the options that the embed reads from a query string."""
    options = EmbedOptions(QueryDict(query), timeline)
    assert options.ignored == []
    filters = options.filters
    return (
        [choice.slug for choice in (*filters.categories, *filters.concerns, *filters.partners)],
        (filters.years, filters.q, filters.order, options.limit, options.layout, options.theme),
        (options.accent, options.level, options.language, options.parameters.get("event")),
    )


@pytest.mark.parametrize("query", ["", "year=2016", FULL])
def test_the_copied_code_has_the_chosen_options(client, timeline, query):
    page = client.get(f"/timeline/share/?{query}")
    ((_script, script),) = Tags(snippet(page, "script")).found
    (_iframe, frame), (_link, link) = Tags(snippet(page, "iframe")).found
    parameters = QueryDict(mutable=True)
    for name, value in script.items():
        name = name.removeprefix("data-")
        if name in ("category", "concern", "partner"):
            parameters.setlist(name, value.split())
        elif name not in ("src", "async", "timeline", "title"):
            parameters[name] = value
    chosen = meaning(query, timeline)
    assert meaning(parameters.urlencode(), timeline) == chosen
    assert meaning(urlsplit(frame["src"]).query, timeline) == chosen
    assert script["src"] == f"{timeline.get_site().root_url}/embed.js"
    assert script["data-timeline"] == link["href"] == timeline.full_url
    assert frame["title"] == script["data-title"] == 'Time & "line"'
    assert (frame["loading"], frame["referrerpolicy"]) == ("lazy", "no-referrer")


def test_defaults_are_left_out(timeline):
    usual = "order=oldest&layout=list&theme=auto&heading=2&lang=en&year=&q="
    assert Builder(QueryDict(usual), timeline).chosen == []


def test_the_preview_shows_the_embed(client, timeline):
    page = client.get("/timeline/share/?year=2016")
    assert 'src="/timeline/embed/?year=2016"' in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_invalid_values_are_reported_by_the_label_of_the_field(client, timeline):
    text = client.get("/timeline/share/?year=soon&accent=red&event=none&x=1").content.decode()
    assert "ignored: Year or years, Color, Open at an event" in text
    assert "soon" not in text


def test_the_form_has_the_chosen_values(client, timeline):
    tags = Tags(client.get(f"/timeline/share/?{FULL}").content.decode()).found
    values = {fields.get("name"): fields.get("value") for tag, fields in tags if tag == "input"}
    checked = {fields["value"] for tag, fields in tags if tag == "input" and "checked" in fields}
    selected = {fields["value"] for tag, fields in tags if tag == "option" and "selected" in fields}
    assert checked == {"policing", "policy", "fit", "swan"}
    assert {"newest", "compact", "dark", "3", "es"} <= selected
    assert (values["accent"], values["limit"], values["year"]) == ("335577", "3", "2016, 2018-2019")


def test_partners_see_which_sites_may_embed_the_timeline(client, timeline):
    assert "Only these sites may" not in client.get("/timeline/share/").content.decode()
    EmbedSettings.load()
    EmbedSettings.objects.update(framing="listed", origins="https://swan.example")
    text = client.get("/timeline/share/").content.decode()
    assert "Only these sites may show the timeline: https://swan.example" in text
    EmbedSettings.objects.update(origins="\n")
    text = client.get("/timeline/share/").content.decode()
    assert "At the moment, no other site may show the timeline." in text
    assert "Only these sites may" not in text


def test_a_draft_cannot_be_shared(client, timeline):
    timeline.unpublish()
    assert client.get("/timeline/share/").status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_events(client, timeline):
    client.get("/timeline/share/")
    with CaptureQueriesContext(connection) as few:
        client.get("/timeline/share/")
    for _number in range(5):
        factories.make_event()
    with CaptureQueriesContext(connection) as many:
        client.get("/timeline/share/")
    assert len(many) == len(few) <= 22


def test_languages_begin_in_upper_case_where_they_stand_alone(client, timeline, settings):
    """In a sentence of many languages, they do not."""
    settings.LANGUAGES = [("en", "inglés"), ("es", "español")]
    page = client.get("/timeline/share/").content.decode()
    assert ">Inglés</option>" in page
    assert ">Español</option>" in page
