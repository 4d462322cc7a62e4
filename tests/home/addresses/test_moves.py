"""URLs that a page has left redirect to the page."""

import pytest
from wagtail.models import Locale, PageViewRestriction

from tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    def rename(page, slug):
        page = type(page).objects.get(pk=page.pk)
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        page.refresh_from_db()
        return page

    return rename


def test_the_old_url_of_a_renamed_page_redirects(client, rename):
    page = factories.make_concern()
    old = page.url
    page = rename(page, "renamed")
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, page.url)


def test_the_old_urls_of_a_moved_page_and_its_descendants_redirect(client):
    parent, other = factories.make_standard_page(), factories.make_standard_page()
    child = factories.make_standard_page(parent=parent)
    old = child.url
    parent.move(other, pos="last-child")
    child.refresh_from_db()
    assert client.get(old)["Location"] == child.url != old


def test_after_two_moves_each_old_url_redirects_directly(client, rename):
    page = factories.make_concern()
    addresses = [page.url]
    for slug in ("second", "third"):
        page = rename(page, slug)
        addresses.append(page.url)
    assert [client.get(each).get("Location") for each in addresses] == [addresses[2], addresses[2], None]


def test_a_page_that_moves_back_causes_no_redirect_loop(client, rename):
    page = factories.make_concern()
    first, slug = page.url, page.slug
    second = rename(page, "second").url
    page = rename(page, slug)
    assert client.get(first).status_code == 200
    assert client.get(second)["Location"] == first
    page.unpublish()
    assert client.get(first).status_code == 404


def test_redirects_keep_the_query_string(client, rename):
    timeline = factories.make_timeline()
    old = timeline.url
    timeline = rename(timeline, "record")
    assert client.get(f"{old}?year=2017")["Location"] == f"{timeline.url}?year=2017"


@pytest.mark.parametrize("route", ["embed/", "share/", "feed/", "events.json", "events.ics"])
def test_partners_links_to_a_timeline_survive_its_move(client, rename, route):
    timeline = factories.make_timeline()
    event = factories.make_event(parent=timeline, title="Still here")
    old = timeline.url
    timeline = rename(timeline, "record")
    response = client.get(f"{old}{route}?year=2017")
    assert (response.status_code, response["Location"]) == (301, f"{timeline.url}{route}?year=2017")
    # Partners' frames and programs can follow the redirect.
    assert "frame-ancestors" not in response["Content-Security-Policy"]
    assert not response.has_header("X-Frame-Options")
    assert response["Access-Control-Allow-Origin"] == "*"
    found = client.get(response["Location"])
    content = b"".join(found.streaming_content) if found.streaming else found.content
    assert event.title.encode() in content or route == "share/"


@pytest.mark.parametrize("route", ["pages/", "pages/7/", "history/", "history/2026-11-01/", "cite/"])
def test_links_to_a_part_of_a_page_survive_its_move(client, rename, route):
    page = factories.make_document()
    old = page.url
    page = rename(page, "renamed")
    response = client.get(f"{old}{route}?q=words")
    assert (response.status_code, response["Location"]) == (301, f"{page.url}{route}?q=words")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(f"{old}{route}").status_code == 404


def test_a_file_of_a_deleted_timeline_is_not_found(client, rename):
    timeline = factories.make_timeline()
    old = timeline.url
    timeline = rename(timeline, "record")
    timeline.unpublish()
    assert client.get(f"{old}events.json").status_code == 404


def test_the_old_url_of_a_spanish_page_redirects(client, rename):
    page = factories.make_standard_page()
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    page.get_parent().copy_for_translation(spanish).specific.save_revision().publish()
    translated = page.copy_for_translation(spanish)
    translated.save_revision().publish()
    old = translated.url
    assert old.startswith("/es/")
    translated = rename(translated, "privacidad")
    assert client.get(old)["Location"] == translated.url
