"""The sitemap follows sitemaps.org, and search engines' rules for translations."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests.support import factories
from tests.support.pages import PAGE_TYPES

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def urls(client):
    """Return the elements of the sitemap by URL."""
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] in {"application/xml", "text/xml"}
    root = ET.fromstring(response.content)
    assert root.tag == f"{SITEMAP}urlset"
    assert {url.tag for url in root} == {f"{SITEMAP}url"}
    found = {url.findtext(f"{SITEMAP}loc"): url for url in root}
    assert len(found) == len(root)
    return found


def test_it_names_every_page_once_with_the_time_of_its_last_change(client, neighbors):
    pages = {page.full_url: page for page in (make() for make, _budget in PAGE_TYPES.values())}
    found = urls(client)
    assert set(found) > set(pages)
    for address, page in pages.items():
        assert {child.tag for child in found[address]} == {f"{SITEMAP}loc", f"{SITEMAP}lastmod"}
        day = dt.date.fromisoformat(found[address].findtext(f"{SITEMAP}lastmod"))
        assert day == timezone.localtime(page.last_published_at).date()


def test_it_leads_nowhere_that_answers_otherwise(client, neighbors):
    hidden = factories.make_event()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    draft = factories.make_event(live=False)
    found = urls(client)
    assert not {hidden.full_url, draft.full_url} & set(found)
    for address in found:
        html = client.get(address).content.decode()
        assert f'<link rel="canonical" href="{address}">' in html


def test_translations_list_each_other_and_themselves(client):
    home, waiting = factories.make_home(), factories.make_overview()
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    copy = home.copy_for_translation(spanish)
    assert waiting.copy_for_translation(spanish, alias=True).full_url not in urls(client)
    assert urls(client)[home.full_url].find(LINK) is None
    copy.live, copy.alias_of = True, None
    copy.save_revision().publish()
    addresses = {"en": home.full_url, "es": copy.full_url, "x-default": home.full_url}
    both = {("alternate", code, address) for code, address in addresses.items()}
    found = urls(client)
    for address in (home.full_url, copy.full_url):
        links = {
            (link.get("rel"), link.get("hreflang"), link.get("href")) for link in found[address].findall(LINK)
        }
        assert links == both
