import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction, Site

from home.models import SiteSettings
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def menu_of(client, page):
    html = client.get(page.url).content.decode()
    return html.partition("<main")[0].partition("site-bar-inner")[2]


CHANGES = {
    "title": lambda page: rename(page, "What we throw away"),
    "address": lambda page: move(page),
    "draft": lambda page: page.unpublish(),
    "restriction": lambda page: PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    ),
    "out of the menu": lambda page: type(page).objects.filter(pk=page.pk).update(show_in_menus=False),
}


def rename(page, title):
    page.title = title
    page.save_revision().publish()


def move(page):
    page.slug = "elsewhere"
    page.save_revision().publish()


@pytest.mark.parametrize("change", CHANGES)
def test_the_menu_follows_each_change_at_once(client, change):
    home = factories.make_home()
    page = factories.make_standard_page(title="What we keep", show_in_menus=True)
    before = menu_of(client, home)
    assert f'<a href="{page.url}">What we keep</a>' in before
    CHANGES[change](page)
    assert menu_of(client, home) != before


def test_the_name_and_the_address_of_the_site_are_never_stale(client):
    home = factories.make_home()
    for name in ("First name", "Second name"):
        Site.objects.update(site_name=name)
        assert f"| {name}</title>" in client.get(home.url).content.decode()
    site = Site.objects.get()
    site.hostname = "elsewhere.example"
    site.save()
    assert '<link rel="canonical" href="http://elsewhere.example' in client.get(home.url).content.decode()


def test_with_two_sites_each_host_shows_its_own(client):
    factories.make_home()
    page = factories.make_standard_page(title="The other site")
    Site.objects.create(hostname="other.example", site_name="Other", root_page=page)
    assert "The other site</h1>" not in client.get("/").content.decode()
    html = client.get("/", headers={"host": "other.example"}).content.decode()
    assert "The other site</h1>" in html
    assert "| Other</title>" in html


def test_a_new_language_is_seen_at_once(client):
    home = factories.make_home()
    assert client.get("/es/").status_code == 404
    spanish = Locale.objects.create(language_code="es")
    copy = home.copy_for_translation(spanish)
    copy.headline = "Lo que LEAD prometió"
    copy.save_revision().publish()
    assert "Lo que LEAD prometió" in client.get("/es/").content.decode()
    assert 'hreflang="es"' in client.get("/").content.decode()


def test_settings_are_never_stale(client):
    home = factories.make_home()
    SiteSettings.load()
    for text in ("Neighbors of New Haven", "Others"):
        SiteSettings.objects.update(footer_text=text)
        assert text in client.get(home.url).content.decode()


def test_what_all_pages_share_takes_no_query_but_that_for_the_version(client, neighbors):
    SiteSettings.load()
    client.get("/nothing-here/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/nothing-here/")
    # The version, the path, and a redirect.
    assert len(queries) <= 5
