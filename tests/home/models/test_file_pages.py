"""Visitors read a record's PDF on the site, page by page."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import CollectionViewRestriction, Locale, PageViewRestriction

from home.models import FilePage, FileText
from tests.support import factories
from tests.support.records import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
State = FilePage.State


def soup_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def links_of(soup):
    return {link["rel"][0]: link["href"] for link in soup.select("nav.file-page-links a[rel]")}


def test_each_page_shows_its_image_and_its_text_and_leads_to_the_next(client):
    record = record_of("First words", "Second <b>words</b>\nin two lines", "Third words")
    soup = soup_of(client, record.url)
    [link] = [link for link in soup.select("main a") if link.text == "Read it here"]
    soup = soup_of(client, link["href"])
    assert links_of(soup) == {"next": f"{record.url}pages/2/"}
    soup = soup_of(client, links_of(soup)["next"])
    assert soup.title.text.startswith("Page 2 of “Minutes of May”")
    image = soup.select_one(".file-page img")
    assert (image["width"], image["alt"]) == ("1600", "Page 2 of “Minutes of May”. Its text is below.")
    for address in re.findall(r"\S+\.webp", image["srcset"]):
        assert client.get(address)["Content-Type"] == "image/webp"
    text = soup.select_one(".file-text .prose")
    assert text.get_text(" ", strip=True) == "Second <b>words</b> in two lines"
    assert "Third" not in soup.text
    assert links_of(soup) == {"prev": f"{record.url}pages/1/", "next": f"{record.url}pages/3/"}
    assert soup.select_one(".breadcrumbs [aria-current]").text == "Page 2"
    assert [link["href"] for link in soup.select(".breadcrumbs a")][-1] == record.url
    last = soup_of(client, links_of(soup)["next"])
    assert links_of(last) == {"prev": f"{record.url}pages/2/"}
    assert client.get(f"{record.url}pages/4/").status_code == 404
    for number in (0, 40_000, 10**30):
        assert client.get(f"{record.url}pages/{number}/").status_code == 404


def test_the_original_is_one_click_away_with_its_hash(client):
    record = record_of("Words")
    for address in record.url, f"{record.url}pages/1/":
        soup = soup_of(client, address)
        assert soup.find("a", href=record.file.url)
        assert soup.select_one(".record-hash code").text == record.file.compute_sha256()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 1), ("2", 2), ("0", 1), ("9999", 3), ("-1", 1), ("x", 1), ("٣", 1), ("9" * 5000, 3)],
)
def test_a_visitor_goes_to_a_page_by_its_number(client, typed, number):
    record = record_of("One", "Two", "Three")
    response = client.get(f"{record.url}pages/", {"page": typed})
    assert response.url == f"{record.url}pages/{number}/"


def test_a_page_has_an_address_of_its_own_for_search_engines(client):
    record = record_of("One", "Two")
    soup = soup_of(client, f"{record.url}pages/2/?q=two")
    address = f"{record.full_url}pages/2/"
    assert soup.find("link", rel="canonical")["href"] == address
    assert soup.find("meta", property="og:url")["content"] == address
    assert not soup.find("link", hreflang=True)
    assert not soup.find("meta", attrs={"name": "robots"})


def test_a_page_that_is_not_drawn_yet_or_cannot_be_says_so_and_shows_its_text(client):
    record = record_of("One", "Two", "Three")
    for number, state in (2, State.WAITING), (3, State.FAILED):
        FilePage.objects.filter(number=number).update(state=state, name="")
    for number, words in (2, "is not made yet"), (3, "cannot be shown here"):
        soup = soup_of(client, f"{record.url}pages/{number}/")
        assert words in soup.select_one(".notice").text
        assert not soup.select(".file-page")
        assert soup.select_one(".file-text .prose").text.strip() == ["Two", "Three"][number - 2]


def test_a_page_without_text_says_so(client):
    record = record_of("One", "")
    assert "We have no text of this page." in soup_of(client, f"{record.url}pages/2/").text
    # The text may be that of an earlier file, or shorter than the file.
    FileText.objects.update(file_hash="another")
    assert "We have no text of this page." in soup_of(client, f"{record.url}pages/1/").text
    FileText.objects.all().delete()
    assert "We have no text of this page." in soup_of(client, f"{record.url}pages/1/").text


def test_the_text_of_a_scanned_page_is_marked(client):
    record = record_of("Typed", "Scanned", state=FileText.State.PARTLY)
    FileText.objects.update(scanned=[1])
    pages = [soup_of(client, f"{record.url}pages/{number}/").text for number in (1, 2)]
    assert ["A machine read this text" in text for text in pages] == [False, True]


def test_words_of_a_search_are_marked_on_the_image_and_in_the_text(client):
    record = record_of("The minutes of a community", "Two")
    soup = soup_of(client, f"{record.url}pages/1/?q=minute")
    [box] = soup.select(".file-page svg rect")
    assert [box[name] for name in ("x", "y", "width", "height")] == ["100", "100", "80", "12"]
    assert soup.select_one(".file-page svg")["viewbox"] == "0 0 1000 1294"
    assert [mark.text for mark in soup.select(".file-text mark")] == ["minutes"]
    assert links_of(soup)["next"] == f"{record.url}pages/2/?q=minute"
    assert not soup_of(client, f"{record.url}pages/1/").select("svg.file-page-marks, .file-text mark")
    assert client.get(f"{record.url}pages/1/?q=minute")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ['"', "-", "<script>alert(1)</script>", "\0", "x" * 5000, "%"])
def test_any_search_is_harmless(client, query):
    record = record_of("One", "Two")
    response = client.get(f"{record.url}pages/1/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_page_with_endless_text_shows_its_beginning(client):
    record = record_of("a " * 1_000_000)
    text = soup_of(client, f'{record.url}pages/1/?q="a a"').select_one(".file-text .prose").text
    assert 99_000 < len(text) < 101_000


def test_pages_are_as_private_as_the_record_and_its_file(client):
    record = record_of("Secret words")
    address, image = f"{record.url}pages/1/", FilePage.objects.get().images[0][0]
    assert "Secret" in client.get(address).content.decode()
    restriction = PageViewRestriction.objects.create(
        page=record, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    assert "Secret" not in client.get(address).content.decode()
    assert client.get(image).status_code == 404
    action = f"/_util/authenticate_with_password/{restriction.pk}/{record.pk}/"
    client.post(action, {"password": "open sesame", "return_url": record.url})
    assert "Secret" in client.get(address).content.decode()
    assert client.get(image)["Cache-Control"] == "private, no-store"
    restriction.delete()
    client = Client()
    record.file.collection = record.file.collection.add_child(name="Kept back")
    record.file.save()
    CollectionViewRestriction.objects.create(collection=record.file.collection, restriction_type="login")
    assert [client.get(each).status_code for each in (address, image)] == [404, 404]
    assert "Read it here" not in client.get(record.url).content.decode()


def test_pages_of_a_draft_are_not_found(client):
    record = record_of("Words", live=False)
    image = FilePage.objects.get().images[0][0]
    assert [client.get(each).status_code for each in (f"{record.get_url()}pages/1/", image)] == [404, 404]


def test_pages_can_be_read_in_spanish(client):
    factories.make_home()
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    record = record_of("The minutes of the board on the budget")
    copy = record.copy_for_translation(spanish, copy_parents=True)
    copy.title, copy.alias_of = "Actas de mayo", None
    copy.save_revision(clean=False).publish()
    for parent in copy.get_ancestors().specific():
        if parent.depth > 1 and parent.locale == spanish:
            parent.alias_of = None
            parent.save()
    soup = soup_of(client, f"{copy.url}pages/1/")
    assert copy.url.startswith("/es/")
    assert soup.select_one(".file-text .prose")["lang"] == "en"


def test_a_page_takes_few_queries_however_many_there_are(client, django_assert_max_num_queries):
    record = record_of(*map(str, range(300)))
    address = f"{record.url}pages/200/"
    client.get(address)
    with django_assert_max_num_queries(8):
        assert "199" in client.get(address).content.decode()
