"""Visitors read which versions of a page were published, what was changed, and each as it was."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from wagtail.models import PageViewRestriction

from home.models import Correction
from tests.support import factories
from tests.support.versions import date_back, publish_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """Return an event that was published on two days of 2026 in November, with other words."""
    event = factories.make_event(title="Meeting", slug="meeting", summary="Ten people came to the meeting.")
    date_back("2026-11-01", event)
    publish_on("2026-11-20", event, summary="A draft that was corrected on the same day.")
    return publish_on("2026-11-20", event, summary="Twelve people came to the meeting.")


def main(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser").main


def test_the_history_lists_each_day_with_the_newest_first(client, event):
    event.corrections = [Correction(date=dt.date(2026, 11, 25), text="We said ten.")]
    publish_on("2026-11-25", event, corrections=event.corrections.all())
    history = main(client, f"{event.url}history/")
    assert [each["datetime"] for each in history("time")] == ["2026-11-25", "2026-11-20", "2026-11-01"]
    assert "Correction: We said ten." in history.h2.find_next("p").text


def test_each_page_leads_to_its_history(client, event):
    foot = BeautifulSoup(client.get(event.url).content, "html.parser").footer
    assert foot.find("a", href=f"{event.url}history/")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("2026-11-01", "Ten people"), ("2026-11-20", "Twelve people")],
)
def test_a_page_is_shown_as_it_was(client, event, asked, words):
    publish_on("2026-11-25", event, summary="Nobody knows how many people came.")
    response = client.get(f"{event.url}?at={asked}")
    shown = BeautifulSoup(response.content, "html.parser")
    assert words in shown.main.find(class_="lead").text
    assert "as it was published on" in shown.main.find(class_="notice").text
    assert response["X-Robots-Tag"] == "noindex"
    assert shown.find("link", rel="canonical")["href"].endswith("/meeting/")


def test_each_version_has_one_address(client, event):
    for day in ("2026-11-02", "2026-11-19", "20261105"):
        assert client.get(f"{event.url}?at={day}")["Location"] == f"{event.url}?at=2026-11-01"
    assert client.get(f"{event.url}?at=2027-01-01")["Location"] == f"{event.url}?at=2026-11-20"


@pytest.mark.parametrize("asked", ["2026-10-31", "yesterday", "2026-13-01", "", "2026-11-01T00:00"])
def test_a_day_without_a_version_is_not_found(client, event, asked):
    assert client.get(f"{event.url}?at={asked}").status_code == 404
    assert client.get(f"{event.url}history/{asked or 'x'}/").status_code == 404


def test_changed_words_are_marked_in_their_line(client, event):
    page = main(client, f"{event.url}history/2026-11-20/")
    (line,) = page(class_="change")
    assert [each.text for each in line("del")] == ["Removed: Ten"]
    assert [each.text for each in line("ins")] == ["Added: Twelve"]
    assert "people came to the meeting." in line.text
    assert "first version" in main(client, f"{event.url}history/2026-11-01/").text


def test_changed_dates_sources_and_addresses_are_marked(client, event):
    source = factories.make_event().sources.model(title="Minutes", url="https://example.org/minutes")
    publish_on("2026-11-25", event, date="2017-12", sources=[source])
    text = main(client, f"{event.url}history/2026-11-25/").text
    for words in ("December 2017", "Minutes", "https://example.org/minutes"):
        assert words in text


def test_a_source_that_only_has_another_number_is_not_marked(client, event):
    model = factories.make_event().sources.model
    old, new = (model(title=title, publisher="The city") for title in ("Agenda", "Minutes"))
    publish_on("2026-11-25", event, sources=[old])
    publish_on("2026-11-26", event, sources=[new, old])
    changed = main(client, f"{event.url}history/2026-11-26/")(class_="change")
    assert [each.text.strip() for each in changed] == ["Added: Minutes, The city."]


def test_an_old_version_names_no_page_that_is_not_public_now(client, event):
    concern = factories.make_concern(title="A name that is private now")
    publish_on("2026-11-25", event, concerns=[concern])
    publish_on("2026-11-26", event, concerns=[])
    addresses = [f"{event.url}?at=2026-11-25", *(f"{event.url}history/2026-11-{day}/" for day in (25, 26))]
    assert all("A name that" in main(client, address).text for address in addresses)
    PageViewRestriction.objects.create(page=concern, restriction_type="login")
    assert not any("A name that" in client.get(address).content.decode() for address in addresses)


def test_the_history_of_a_private_page_is_private(client, event):
    PageViewRestriction.objects.create(page=event, restriction_type="login")
    for address in ("", "?at=2026-11-01", "history/", "history/2026-11-20/"):
        response = client.get(event.url + address)
        assert (response.status_code, "people" in response.content.decode()) == (302, False)


def test_a_page_that_is_not_published_any_more_has_no_history(client, event):
    url = event.url
    event.unpublish()
    for address in ("?at=2026-11-01", "history/", "history/2026-11-20/"):
        assert client.get(url + address).status_code == 404


def test_autosave_does_not_overwrite_what_was_published(client, event, django_user_model):
    event.summary = "Typed after going back."
    draft = event.save_revision(overwrite_revision=event.latest_revision)
    assert draft.pk != event.live_revision_id
    assert "Twelve" in main(client, f"{event.url}?at=2026-11-20").text
    again = event.save_revision(overwrite_revision=draft)
    assert again.pk == draft.pk


@pytest.mark.parametrize("make", [factories.make_home, factories.make_timeline, factories.make_contact])
def test_pages_with_routes_of_their_own_have_a_history(client, make):
    page = make()
    date_back("2026-11-01", publish_on("2026-11-01", page, summary="First words."))
    publish_on("2026-11-20", page, summary="Other words.")
    assert "Other" in main(client, f"{page.url}history/2026-11-20/").ins.text
    assert "First words." in str(main(client, f"{page.url}?at=2026-11-01"))


def test_the_history_takes_the_same_queries_for_many_versions(client, event, django_assert_max_num_queries):
    client.get(f"{event.url}history/")
    for day in range(10, 19):
        publish_on(f"2026-11-{day}", event, summary=f"Day {day}.")
    client.get(f"{event.url}history/")
    with django_assert_max_num_queries(12):
        client.get(f"{event.url}history/")


@pytest.mark.parametrize("model", ["category", "file"])
def test_an_old_version_survives_what_it_names(client, model):
    """A category or a file can be deleted once no page has it. Versions in the past may."""
    if model == "category":
        page, (old, new) = factories.make_event(), map(factories.make_category, ("old", "new"))
    else:
        page, old, new = factories.make_document(), factories.make_file(), factories.make_file()
    date_back("2026-11-01", publish_on("2026-11-01", page, **{model: old}))
    publish_on("2026-11-20", page, **{model: new})
    old.delete()
    for address in ("?at=2026-11-01", "history/", "history/2026-11-20/", "cite/?at=2026-11-01"):
        assert client.get(page.url + address).status_code == 200, address
