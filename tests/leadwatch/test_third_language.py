"""A third language is a setting, a locale and a catalog, since the code asks which languages there are."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Locale

from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def french(settings):
    """A page and an event in English and French; the page also in Spanish."""
    languages = [("en", "English"), ("es", "Spanish"), ("fr", "French")]
    settings.LANGUAGES = languages
    settings.WAGTAIL_CONTENT_LANGUAGES = languages
    page = factories.make_standard_page(title="Agreement", slug="agreement", show_in_menus=True)
    timeline = factories.make_timeline()
    event = factories.make_event(title="Vote", slug="vote")
    for code, title, slug in (("es", "Acuerdo", "acuerdo"), ("fr", "Accord", "accord")):
        factories.make_translation(page.get_parent().specific, code)
        factories.make_translation(page, code, title=title, slug=slug)
    factories.make_translation(timeline, "fr", title="Chronologie", slug="chronologie")
    factories.make_translation(event, "fr", title="Votation", slug="votation")
    factories.make_event(title="Launch", slug="launch")


def soup_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.content, "html.parser")


def test_pages_switches_and_hreflang_have_all_three(french, client):
    addresses = {"en": "/agreement/", "es": "/es/acuerdo/", "fr": "/fr/accord/"}
    sitemap = client.get("/sitemap.xml").content.decode()
    for code, address in addresses.items():
        page = soup_of(client, address)
        assert page.html["lang"] == code
        others = {each["hreflang"]: each["href"] for each in page.select(".language-switch a")}
        assert others == {each: there for each, there in addresses.items() if each != code}
        alternates = {each["hreflang"]: each["href"] for each in page.select("link[hreflang]")}
        assert {each: there.partition("localhost")[2] for each, there in alternates.items()} == addresses | {
            "x-default": "/agreement/"
        }
        assert f"{alternates[code]}</loc>" in sitemap
        assert f'hreflang="{code}" href="{alternates[code]}"' in sitemap
    assert soup_of(client, "/fr/nulle-part/", status=404).html["lang"] == "fr"
    assert soup_of(client, "/fr/accord/").select_one(".site-name")["href"] == "/fr/"


def test_each_language_is_searched_by_itself(french, client):
    found = {
        code: [each.a["href"] for each in soup_of(client, f"{code}/search/?q={word}").select("[data-result]")]
        for code, word in (("", "agreements"), ("/es", "acuerdos"), ("/fr", "accord"))
    }
    assert found == {"": ["/agreement/"], "/es": ["/es/acuerdo/"], "/fr": ["/fr/accord/"]}


def test_partners_can_show_events_in_it(french, client):
    events = soup_of(client, "/timeline/embed/?lang=fr").select(".event-title")
    assert [(each.text.strip(), each.get("lang")) for each in events] == [
        ("Votation", None),
        ("Launch", "en"),
    ]
    share = soup_of(client, "/timeline/share/?lang=fr")
    assert [each["value"] for each in share.select("#id_lang option")] == ["en", "es", "fr"]
    assert 'data-lang="fr"' in share.select_one("#snippet-script").text
    assert client.get("/fr/chronologie/events.json")["Content-Language"] == "fr"
    assert client.get("/fr/chronologie/feed/").content.count(b'xml:lang="fr"') == 1


def test_addresses_in_it_are_reserved(french):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        factories.make_standard_page(slug="fr").full_clean()
    assert Locale.objects.count() == 3
