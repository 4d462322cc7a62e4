"""Private pages appear nowhere that a stranger can look, however they became private."""

from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, PageViewRestriction

from concerns.models import ConcernPage
from home.models import Correction
from tests.support import factories

pytestmark = pytest.mark.django_db

# For each hidden page: a word to search for, a word that may never appear, and the start of its slug.
ASKED, NEVER, ADDRESS = "Quillfeather", "Zyzzogeton", "hush-"
MAKERS = {
    "concern": factories.make_concern,
    "document": factories.make_document,
    "event": factories.make_event,
    "partner": factories.make_partner,
    "text": factories.make_standard_page,
}


def make_secrets(way, **fields):
    """Create a page of each type."""
    secrets = []
    for kind, make in MAKERS.items():
        more = {"short_name": f"{NEVER}{way}short"} if kind == "partner" else {}
        page = make(
            title=f"{ASKED}{kind} {NEVER}{way}{kind}",
            slug=f"{ADDRESS}{way}-{kind}",
            summary=f"{NEVER} in short.",
            body=[("text", f"<p>{NEVER} at length.</p>")],
            corrections=[Correction(date="2024-05-06", text=f"{NEVER} was wrong.")],
            **fields,
            **more,
        )
        secrets.append(page)
    return secrets


def restrict(page, how=PageViewRestriction.LOGIN, **fields):
    return PageViewRestriction.objects.create(page=page, restriction_type=how, **fields)


def copy_of(page, locale):
    """Create a published translation that is not an alias."""
    copy = page.copy_for_translation(locale, copy_parents=True)
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


@pytest.fixture
def site():
    """
    Create a site in two languages with pages to be hidden in different ways, and public pages that name them
    all. `hide` hides them.
    """
    home = factories.make_home()
    factories.make_overview(), factories.make_glossary(), factories.make_figures_page()
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    spanish_home = home.copy_for_translation(spanish)
    spanish_home.save_revision().publish()
    secrets = {way: make_secrets(way) for way in ("restricted", "moved", "copied", "translated")}
    vault = factories.make_standard_page(title="Vault", slug="vault")
    cellar = factories.make_standard_page(title="Cellar", slug="cellar", parent=vault)
    for page in secrets["copied"]:
        place = page.get_parent()
        page.move(cellar, pos="last-child")
        page.refresh_from_db()
        # Wagtail hides the alias of a private page, but not the alias of a descendant.
        page.create_alias(parent=place, update_slug=f"{ADDRESS}alias-{page.pk}")
    translations = [copy_of(page, spanish) for page in secrets["translated"]]
    named = [page for pages in secrets.values() for page in pages] + [
        *Page.objects.filter(slug__startswith=f"{ADDRESS}alias-").specific(),
        *translations,
    ]
    make_pages_that_name(named)

    def hide():
        for page in secrets["restricted"]:
            restrict(page, PageViewRestriction.PASSWORD, password="open sesame")
        for page in secrets["translated"]:
            restrict(page, PageViewRestriction.GROUPS).groups.add(Group.objects.create(name=page.slug))
        restrict(vault)
        for page in secrets["moved"]:
            page.move(cellar, pos="last-child")

    return SimpleNamespace(hide=hide, named=named, vault=vault, spanish=spanish)


def make_pages_that_name(named):
    """Create a public page and a public event in each language that are related to all of these pages."""
    links = "".join(f'<a linktype="page" id="{page.pk}">there</a>' for page in named)
    documents = [page for page in named if page.slug.endswith("document")]
    body = [
        {"type": "text", "value": f"<p>{links}</p>"},
        {"type": "related_pages", "value": {"heading": "", "pages": [page.pk for page in named]}},
        *({"type": "button", "value": {"text": "Go", "page": page.pk, "url": ""}} for page in named),
        *({"type": "document", "value": {"page": page.pk, "file": None, "note": ""}} for page in documents),
        {"type": "events", "value": {"timeline": None, "concern": None, "year": "", "limit": 20}},
    ]
    factories.make_standard_page(title="Names them", slug="names", body=body)
    concerns = [page for page in named if isinstance(page, ConcernPage)]
    partners = [page for page in named if page._meta.model_name == "partnerpage"]
    event = factories.make_event(
        title="Everybody met", slug="everybody", concerns=concerns, partners=partners
    )
    event = copy_of(event, Locale.objects.get(language_code="es"))
    event.concerns, event.partners = concerns, partners
    event.save_revision().publish()


def addresses(site):
    """Return all URLs that a stranger may open, except the hidden pages themselves."""
    hidden = {page.pk for page in site.named}
    pages = [page.url for page in Page.objects.filter(depth__gt=1).exclude(pk__in=hidden).live() if page.url]
    names = ["embed/", "share/", "feed/", *(f"events.{name}" for name in ("json", "csv", "ics", "xlsx"))]
    asked = [
        *(f"{start}search/?q={ASKED}{kind}" for kind in MAKERS for start in ("/", "/es/")),
        *(f"/search/suggest/?q={ASKED[:6]}", f"/search/?q={ASKED[:-1]}partner"),
        *("/search/?q=event", "/search/?q=was+wrong", "/search/?q=short"),
        *(f"/oembed/?{urlencode({'url': page.full_url})}" for page in site.named[:3]),
    ]
    timelines = [f"{start}timeline/{name}" for name in names for start in ("/", "/es/")]
    return [*pages, *timelines, *asked, "/feed/", "/sitemap.xml"]


def read(client, address):
    """Return the response for a URL, and its text."""
    response = client.get(address)
    content = response.getvalue()
    if address.endswith("xlsx"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return response, content.decode(errors="replace")


def leaks(client, addresses):
    """Return the words of hidden pages that appear, by path."""
    found = {}
    for address in addresses:
        text = read(client, address)[1]
        # A search repeats its query.
        words = {NEVER, ADDRESS} if "q=" in address else {NEVER, ADDRESS, ASKED}
        if words := {word for word in words if word in text}:
            found.setdefault(address.partition("?")[0], set()).update(words)
    return found


def test_private_pages_appear_nowhere(client, site):
    everywhere = addresses(site)
    before = leaks(client, everywhere)
    # Make sure that the words are found while the pages are public.
    assert before.keys() >= {
        *("/", "/concerns/", "/documents/", "/partners/", "/timeline/", "/names/", "/timeline/everybody/"),
        *("/feed/", "/sitemap.xml", "/oembed/", "/search/", "/search/suggest/"),
        *(f"/timeline/{name}" for name in ("embed/", "feed/", "events.json", "events.csv", "events.ics")),
        *("/timeline/events.xlsx", "/es/timeline/", "/es/timeline/everybody/", "/es/search/"),
    }
    site.hide()
    assert leaks(client, everywhere) == {}
    for page in site.named:
        page = Page.objects.get(pk=page.pk)
        response, text = read(client, page.url)
        assert NEVER not in text
        assert response.status_code == 302 or "password" in text
        assert client.get(f"/oembed/?{urlencode({'url': page.full_url})}").status_code == 404
        assert client.get(f"/cover/{page.pk}.png").status_code == 404
    PageViewRestriction.objects.all().delete()
    fresh = [address for address in everywhere if "search" in address or address == "/timeline/everybody/"]
    assert leaks(client, fresh) == {
        each: before[each] for each in before if each in fresh or "search" in each
    }
