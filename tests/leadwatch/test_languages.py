"""Readers find each page in each language, and nothing English is read out with a Spanish voice."""

import re
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from concerns.models import ConcernPage
from home.models import DocumentPage, Figure, GlossaryTerm, PartnerPage, SiteDocument, StandardPage
from timeline.models import EventCategory, EventPage, EventSource

pytestmark = pytest.mark.django_db

# Words that are in almost every English sentence, and in no Spanish one.
ENGLISH = re.compile(r"\b(the|and|of|is|are|was|for|with|from|on|at|this|that|our|you)\b", re.IGNORECASE)
# What is said in attributes.
SPOKEN = (
    *("alt", "aria-label", "title", "placeholder", "data-label", "data-one", "data-many", "data-words"),
    # The exit button.
    *("data-loading", "data-two-more", "data-one-more", "data-expired"),
)


def soup_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.content, "html.parser")


def switch_of(client, address, status=200):
    """Return the text and the address of the language switch of a page."""
    (nav,) = soup_of(client, address, status).select(".language-switch")
    return " ".join(nav.get_text().split()), nav.a["href"]


def language_of(element):
    return next(each["lang"] for each in (element, *element.parents) if each.get("lang"))


def said_in_spanish(soup):
    """Yield the texts that a screen reader reads with a Spanish voice."""
    for unread in soup(["script", "style"]):
        unread.decompose()
    for text in soup.find_all(string=True):
        if text.strip() and text.parent.name != "[document]" and language_of(text.parent) == "es":
            yield text.strip()
    for element in soup.find_all():
        for name in SPOKEN:
            if element.get(name) and language_of(element) == "es":
                yield element[name]


def english_titles():
    """Return what pages, snippets, sources and files are called in English and not in Spanish."""
    models = (Page, Figure, EventCategory, GlossaryTerm)
    found = {}
    for code in ("en", "es"):
        lists = [model.objects.filter(locale__language_code=code) for model in models]
        found[code] = {str(each) for some in lists for each in some}
    sources = EventSource.objects.values_list("title", flat=True)
    return {*(found["en"] - found["es"]), *sources, *SiteDocument.objects.values_list("title", flat=True)}


def test_nothing_on_spanish_pages_is_english_unless_it_says_so(translations, client):
    pages = Page.objects.filter(locale__language_code="es", depth__gt=1)
    # Titles in English, such as that of a film or an organization, are names.
    names = {*pages.filter(slug__in=("ghjp", "swan", "katal")).values_list("title", flat=True)}
    names |= {"Yale School of Public Health", "The New Journal at Yale", "Public Defender Association"}
    addresses, titles = [page.url for page in pages], english_titles()
    for address in [*addresses, "/es/search/?q=arresto", "/es/search/?q=xyzzy", "/es/contacto/thanks/"]:
        for text in said_in_spanish(soup_of(client, address)):
            for name in names:
                text = text.replace(name, "")
            assert text not in titles, address
            assert len(ENGLISH.findall(text)) < 2, (address, text)


def test_every_link_and_anchor_of_the_spanish_pages_leads_somewhere(translations, client):
    pages, wanted, queue = {}, set(), ["/es/"]
    while queue:
        address = queue.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        is_page = response["Content-Type"].startswith("text/html")
        soup = BeautifulSoup(response.content if is_page else "", "html.parser")
        pages[address] = {each["id"] for each in soup.select("[id]")}
        for link in [each["href"] for each in soup.select("a[href], link[href]")]:
            target = link.removeprefix("http://127.0.0.1:8000")
            path, _hash, anchor = target.partition("#")
            assert "%" not in path.partition("?")[0], link
            if path.startswith("/es/") and "?" not in path:
                queue.append(path)
                wanted.add((path, anchor))
    assert len(pages) > 45
    for path, anchor in wanted:
        assert not anchor or anchor in pages[path], (path, anchor)


def test_the_switch_leads_to_the_same_page_and_route(translations, client):
    for english, spanish in {
        "/": "/es/",
        "/about/": "/es/que-es-lead/",
        "/timeline/protest-at-city-hall/": "/es/cronologia/protesta-en-la-alcaldia/",
        "/timeline/share/": "/es/cronologia/share/",
        "/contact/thanks/": "/es/contacto/thanks/",
        "/search/?q=lead": "/es/search/?q=lead",
    }.items():
        assert switch_of(client, english) == ("Español", spanish)
        assert switch_of(client, spanish) == ("English", english)


def test_a_page_in_one_language_says_so_and_offers_the_other(translations, client):
    StandardPage.objects.get(slug="privacidad").delete()
    words, address = switch_of(client, "/privacy/")
    assert address == "/es/"
    assert len(words.split()) > 3
    # Its address with the prefix of the other language.
    main = soup_of(client, "/es/privacy/", status=404).main
    assert main.select_one('a[href="/privacy/"][lang="en"]').text == "Privacy"
    assert client.get("/es/about/")["Location"] == "/es/que-es-lead/"
    Redirect.objects.all().delete()
    assert soup_of(client, "/es/about/", status=404).main.select_one('a[href="/es/que-es-lead/"]')
    assert switch_of(client, "/es/nothing/", status=404) == ("English", "/")


def test_a_site_in_one_language_has_no_switch(starter_content, client):
    assert not soup_of(client, "/").select(".language-switch")
    assert "hreflang" not in client.get("/about/").content.decode()
    assert client.get("/es/privacy/").status_code == 404


def blocks_about(page, document, figure):
    return [
        {"type": "related_pages", "value": {"heading": "", "pages": [page.pk]}},
        {"type": "document", "value": {"page": document.pk, "file": None, "note": ""}},
        {"type": "chart", "value": {"figure": figure.pk, "caption": "", "form": ""}},
    ]


def test_what_is_not_translated_says_so_and_the_rest_is_shown_in_spanish(translations, client):
    concern, partner, figure = (
        model.objects.filter(locale__language_code="en", live=True).first()
        for model in (ConcernPage, PartnerPage, Figure)
    )
    document = DocumentPage.objects.filter(locale__language_code="en").first()
    page, event = StandardPage.objects.get(slug="privacidad"), EventPage.objects.get(slug="empieza-el-piloto")
    page.body = blocks_about(concern, document, figure)
    page.save_revision().publish()
    event.concerns, event.partners = [concern], [partner]
    event.category = EventCategory.objects.filter(locale__language_code="en").first()
    event.save_revision().publish()
    said = [*said_in_spanish(soup_of(client, page.url).main)]
    assert concern.get_translations().get().title in said
    assert figure.get_translations().get().title in said
    for each in (concern, document, figure):
        each.get_translations().get().delete()
    titles = {str(each) for each in (concern, document, figure, partner, event.category)}
    for address in (page.url, event.url):
        main = soup_of(client, address).main
        assert titles & {each.get_text(strip=True) for each in main.select('[lang="en"]')}
        assert not titles & {*said_in_spanish(main)}, address


def test_the_title_of_a_source_and_an_english_name_say_their_language(translations, client):
    event = soup_of(client, "/es/cronologia/protesta-en-la-alcaldia/")
    assert {each["lang"] for each in event.select(".source-title, .source-publisher")} == {"en"}
    term = soup_of(client, "/es/glosario/").select_one("#term-social-contact-referral .glossary-aliases")
    assert [each.text for each in term.select('[lang="en"]')] == ["social contact referral", "social contact"]
    assert "contacto social" in term.text
    for address in ("/timeline/protest-at-city-hall/", "/glossary/"):
        assert not soup_of(client, address).main.select('[lang="en"]')


def test_the_footer_is_in_the_language_of_the_page(translations, client):
    assert "mantiene New Haven LEAD Watch" in soup_of(client, "/es/").footer.text
    assert "is kept by" in soup_of(client, "/").footer.text


def test_spanish_pages_name_their_dates_and_addresses(translations, client):
    event = soup_of(client, "/es/cronologia/protesta-en-la-alcaldia/")
    assert event.html["lang"] == "es"
    assert event.select_one("time").text == "18 de noviembre de 2016"
    alternates = {each["hreflang"]: each["href"] for each in event.select('link[rel="alternate"][hreflang]')}
    assert set(alternates) == {"en", "es", "x-default"}
    assert alternates["x-default"] == alternates["en"]
    sitemap = client.get("/sitemap.xml").content.decode()
    assert all(sitemap.count(f"{address}<") == 1 for address in alternates.values())
    assert f'hreflang="x-default" href="{alternates["en"]}"' in sitemap
    for route in ("feed/", "events.csv"):
        header = client.get(f"/es/cronologia/{route}")["Link"]
        assert f'/timeline/{route}>; rel="alternate"; hreflang="x-default"' in header
        assert f'/es/cronologia/{route}>; rel="alternate"; hreflang="es"' in header
    assert sitemap.count(alternates["es"]) >= 3
    feed = client.get("/es/cronologia/feed/").content.decode()
    assert 'xml:lang="es"' in feed
    assert "<title>Cronología</title>" in feed
    calendar = b"".join(client.get("/es/cronologia/events.ics")).decode()
    assert "Protesta en la alcald" in calendar


def test_a_spanish_page_takes_as_few_queries_as_its_original(
    translations, client, django_assert_max_num_queries
):
    for locale in Locale.objects.all():
        for page in Page.objects.filter(locale=locale, depth__gt=1):
            client.get(page.url)
            limit = 26 if page.depth == 2 else 21
            with django_assert_max_num_queries(limit):
                client.get(page.url)


@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_are_written_as_in_new_haven(language):
    with override(language):
        assert Figure(unit="usd").format_value(Decimal(75000)) == "$75,000"
        assert Figure(unit="percent").format_value(Decimal("12.5")) == "12.5%"
