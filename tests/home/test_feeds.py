import xml.etree.ElementTree as ET
from datetime import date

import pytest
from wagtail.models import Locale, Page

from tests.support import factories

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    return ET.fromstring(client.get("/feed/").content).findall(f"{ATOM}entry")


def test_the_feed_has_pages_with_absolute_urls(client):
    event = factories.make_event(title="Protest")
    entry = next(entry for entry in entries(client) if entry.findtext(f"{ATOM}title") == "Protest")
    assert entry.find(f"{ATOM}link").get("href") == event.full_url
    assert entry.findtext(f"{ATOM}summary") == "A summary."


def test_the_feed_has_corrections(client):
    event = factories.make_event(title="Protest")
    event.corrections.create(kind="correction", date=date(2020, 1, 2), text="It was 25 people.")
    event.save_revision().publish()
    assert "Correction: Protest" in [entry.findtext(f"{ATOM}title") for entry in entries(client)]


def test_the_feed_has_no_drafts(client):
    event = factories.make_event(title="Protest", live=False)
    event.corrections.create(kind="update", date=date(2020, 1, 2), text="More.")
    assert "Protest" not in client.get("/feed/").content.decode()


def test_the_feed_takes_no_url_from_the_request(client):
    factories.make_event()
    assert (
        "stranger.example" not in client.get("/feed/", headers={"host": "stranger.example"}).content.decode()
    )


def test_other_sites_may_read_the_feed(client):
    response = client.get("/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_feed_is_in_one_language(client):
    spanish, _created = Locale.objects.get_or_create(language_code="es")
    home = factories.make_home().copy_for_translation(spanish)
    home.title = "Vigilancia"
    home.live = True
    home.save_revision().publish()
    titles = [entry.findtext(f"{ATOM}title") for entry in entries(client)]
    assert "LEAD Watch" in titles
    assert "Vigilancia" not in titles


def test_readers_of_another_language_get_a_feed_of_their_own(client):
    home = factories.make_translation(factories.make_home(), title="Vigilancia")
    assert 'href="/feed/?lang=es"' in client.get(home.url).content.decode()
    feed = ET.fromstring(client.get("/feed/?lang=es").content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    assert [link.get("href").partition("8000")[2] for link in feed.findall(f"{ATOM}link")] == [
        "/es/",
        "/feed/?lang=es",
    ]
    assert [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")] == ["Vigilancia"]
    assert client.get("/feed/?lang=xx").content == client.get("/feed/").content


def test_a_page_outside_all_sites_does_not_break_the_feed(client):
    factories.make_event(title="Protest")
    root = Page.objects.get(depth=1)
    elsewhere = root.add_child(instance=Page(title="Elsewhere", slug="elsewhere", locale=root.locale))
    elsewhere.save_revision().publish()
    html = client.get("/feed/").content.decode()
    assert "Protest" in html
    assert "Elsewhere" not in html


def test_an_unchanged_feed_is_not_sent_again(client):
    factories.make_event()
    first = client.get("/feed/")
    assert client.get("/feed/", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/feed/", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304


def test_item_ids_are_unique(client):
    for number in range(3):
        factories.make_event(title=f"Protest {number}")
    identities = [entry.findtext(f"{ATOM}id") for entry in entries(client)]
    assert len(identities) == len(set(identities))


def test_every_page_links_to_the_feed(client):
    assert (
        'type="application/atom+xml" href="/feed/"' in client.get(factories.make_event().url).content.decode()
    )
