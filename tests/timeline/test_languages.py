"""A partner shows the timeline in another language: translated events, and the others marked as they are."""

from html import unescape
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction

from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def timeline():
    timeline = factories.make_timeline()
    factories.make_era(headline="Term of a mayor")
    factories.make_translation(timeline.get_parent().specific)
    category = factories.make_category()
    spanish = factories.make_translation(category, name="Normas")
    there = factories.make_translation(timeline, title="Cronología", slug="cronologia")
    there.eras.update(headline="Mandato de una alcaldesa")
    protest = factories.make_event(title="Protest", slug="protest", date="2016-11-18", summary="People came.")
    factories.make_translation(
        protest, title="Protesta", slug="protesta", summary="Vino gente.", category=spanish
    )
    factories.make_event(title="Launch", slug="launch", date="2017-11-29", place="City Hall")
    return timeline


@pytest.fixture
def embed(client, timeline):
    """Return the parsed embed for a query string."""
    return lambda query="": BeautifulSoup(client.get(f"/timeline/embed/{query}").content, "html.parser")


def test_translated_events_are_shown_and_the_others_marked(embed):
    for query in ("?lang=es", "?lang=es&layout=compact", "?lang=es&layout=axis"):
        page = embed(query)
        protest, launch = page.select("article")
        assert page.html["lang"] == "es"
        # Other sites know an event by one id, whatever the language.
        assert [protest["id"], launch["id"]] == ["event-protest", "event-launch"]
        assert protest.select_one(".event-title").text.strip() == "Protesta"
        assert protest.a["href"] == "/es/cronologia/protesta/"
        assert not protest.select(".event-title[lang], .event-summary[lang]")
        assert launch.select_one(".event-title")["lang"] == "en"
        assert launch.a["href"] == "/timeline/launch/"
        assert "inglés" in launch.text
        assert "inglés" not in protest.text


def test_title_links_and_eras_are_in_the_language_too(embed):
    page = embed("?lang=es&layout=axis")
    title = page.select_one(".embed-title")
    assert (title.text, title.a["href"]) == ("Cronología", "http://localhost/es/cronologia/")
    assert "lang" not in title.attrs
    assert page.select_one(".era-name").text == "Mandato de una alcaldesa"
    assert not page.select(".axis-band [lang]")
    assert [each.get("lang") for each in page.select(".axis-marker title")] == [None, "en"]


def test_without_an_option_nothing_is_marked(embed):
    page = embed()
    assert [each.text.strip() for each in page.select(".event-title")] == ["Protest", "Launch"]
    assert not page.select("main [lang]")
    assert "English" not in page.main.text


def test_the_spanish_timeline_in_english_has_the_same_ids_as_its_own(client, timeline):
    for query, title in (("", "Protesta"), ("?lang=en", "Protest")):
        page = BeautifulSoup(client.get(f"/es/cronologia/embed/{query}").content, "html.parser")
        (event,) = page.select("article")
        assert (event["id"], event.select_one(".event-title").text.strip()) == ("event-protesta", title)


def test_only_public_translations_are_shown(embed, timeline):
    there = timeline.get_translation(Locale.objects.get(language_code="es"))
    PageViewRestriction.objects.create(page=there, restriction_type="login")
    page = embed("?lang=es")
    assert [each.text.strip() for each in page.select(".event-title[lang=en]")] == ["Protest", "Launch"]
    assert page.select_one(".embed-title[lang=en]").text == "Timeline"


def test_a_language_costs_few_queries(embed, django_assert_max_num_queries):
    embed("?lang=es")
    with CaptureQueriesContext(connection) as own:
        embed()
    with django_assert_max_num_queries(len(own) + 8):
        embed("?lang=es")


def test_share_offers_the_language_and_its_codes_carry_it(client, timeline):
    page = BeautifulSoup(client.get("/timeline/share/?lang=es").content, "html.parser")
    assert page.select_one("#id_lang option[selected]")["value"] == "es"
    script, frame, address = (
        page.select_one(f"#snippet-{name}").text for name in ("script", "iframe", "oembed")
    )
    assert 'data-lang="es"' in script
    assert 'data-title="Cronología"' in script
    assert "/timeline/embed/?lang=es" in frame
    assert '<a href="http://localhost/es/cronologia/">Cronología</a>' in frame
    assert address.strip() == "http://localhost/timeline/?lang=es"
    assert page.select_one(".share-preview")["src"] == "/timeline/embed/?lang=es"


@pytest.mark.parametrize("path", ["", "protest/"])
def test_oembed_follows_the_language_of_its_address(client, timeline, path):
    url = quote(f"http://localhost/timeline/{path}")
    for query in (f"url={url}%3Flang=es", f"url={url}&lang=es"):
        answer = client.get(f"/oembed/?{query}").json()
        assert answer["title"] == ("Protesta" if path else "Cronología")
        assert "lang=es" in unescape(answer["html"]).partition('"')[2].partition('"')[0]
