"""Open Graph and Twitter metadata, which other sites show with a link."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from wagtail.models import Locale

from home.models import SiteSettings
from tests.support import factories
from tests.support.pages import PAGE_TYPES, fill_in

pytestmark = pytest.mark.django_db

ARTICLES = {"concern", "event", "document"}
IMAGE = {"og:image", "og:image:width", "og:image:height", "og:image:alt"}


def meta(client, page):
    """Return the values of a page's meta elements by name. Each may occur only once."""
    found = {}
    for element in BeautifulSoup(client.get(page.url).content, "html.parser").find_all("meta"):
        if name := element.get("property") or element.get("name"):
            assert name not in found, name
            found[name] = element["content"]
    return found


@pytest.fixture
def pages(neighbors):
    """Create a page of each type; return them by name."""
    return {name: make().specific for name, (make, _budget) in PAGE_TYPES.items()}


def test_every_page_describes_itself(pages, client, subtests):
    for name, page in pages.items():
        found = meta(client, page)
        with subtests.test(name):
            assert set(found) >= IMAGE
            assert found["og:title"] == page.title
            assert found["og:description"] == found["description"] == "A summary."
            assert found["og:url"] == page.full_url
            assert found["og:site_name"] == "New Haven LEAD Watch"
            assert found["og:locale"] == "en_US"
            assert found["twitter:card"] == "summary_large_image"
            assert found["og:type"] == ("article" if name in ARTICLES else "website")


def test_articles_have_dates_of_publication_and_change(pages, client, subtests):
    for name, page in pages.items():
        found = meta(client, page)
        times = {
            key: dt.datetime.fromisoformat(found[key])
            for key in ("article:published_time", "article:modified_time")
            if key in found
        }
        expected = {
            "article:published_time": page.first_published_at,
            "article:modified_time": page.last_published_at,
        }
        with subtests.test(name):
            assert times == (expected if name in ARTICLES else {})


def test_the_image_for_sharing_has_a_size_and_a_description(pages, client, subtests):
    for name, page in pages.items():
        fill_in(page)
        found = meta(client, page)
        with subtests.test(name):
            assert set(found) >= IMAGE
            assert found["og:image"].startswith(f"{settings.BASE_URL}/media/")
            # The test's image is small, so it is only cropped.
            assert (found["og:image:width"], found["og:image:height"]) == ("60", "32")
            assert found["og:image:alt"] == "People at City Hall"


def test_the_search_description_is_used_for_sharing(client):
    event = factories.make_event(seo_title="The protest", search_description="Who came, and why.")
    found = meta(client, event)
    assert found["og:title"] == "The protest"
    assert found["og:description"] == found["description"] == "Who came, and why."


def test_pages_outside_the_tree_show_the_name_of_the_site(client):
    settings = SiteSettings.load()
    settings.footer_text = "Two organizations keep it."
    settings.save()
    html = client.get("/search/?q=protest").content.decode()
    assert '<meta name="description" content="Two organizations keep it.">' in html


def test_a_translation_states_its_language(client):
    home = factories.make_home()
    assert "og:locale:alternate" not in meta(client, home)
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    copy = home.copy_for_translation(spanish)
    copy.live, copy.alias_of = True, None
    copy.save_revision().publish()
    assert meta(client, home)["og:locale:alternate"] == "es_US"
    found = meta(client, copy)
    assert (found["og:locale"], found["og:locale:alternate"]) == ("es_US", "en_US")
