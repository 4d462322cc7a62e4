"""A page is cited in the usual forms, with the address of the version that somebody has read."""

import datetime as dt
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from django.utils.timezone import localdate
from wagtail.models import PageLogEntry

from home.history.citations import Cited
from tests.support import factories
from tests.support.versions import date_back, publish_on

AT = "https://lead.example/timeline/meeting/?at=2026-11-01"
CITED = Cited("LEAD Watch", "100% of A|B_[C] & {D}", "meeting", dt.date(2026, 11, 1), AT)


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("APA", f"LEAD Watch. (2026, November 1). <em>100% of A|B_[C] &amp; {{D}}</em>. {AT}"),
        ("MLA", f"“100% of A|B_[C] &amp; {{D}}.” <em>LEAD Watch</em>, 1 Nov. 2026, {AT}."),
        ("Chicago", f"LEAD Watch. “100% of A|B_[C] &amp; {{D}}.” November 1, 2026. {AT}."),
    ],
)
def test_styles(style, words):
    assert dict(CITED.in_words())[style] == words


def test_wikitext_keeps_the_template_whole():
    assert CITED.as_wikitext() == (
        f"{{{{cite web |url={AT} |title=100% of A{{{{!}}}}B_&#91;C&#93; & {{D}} "
        "|website=LEAD Watch |date=2026-11-01}}"
    )


def test_bibtex_escapes_what_latex_would_read():
    text = CITED.as_bibtex()
    assert text.startswith("@online{meeting-2026-11-01,\n")
    assert r"title = {{100\% of A|B\_[C] \& \{D\}}}" in text
    assert "author = {{LEAD Watch}}" in text
    assert f"url = {{{AT}}}" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_ris_has_a_tag_a_line():
    lines = CITED.as_ris().split("\r\n")
    assert [line[:6] for line in lines if line] == [
        *(f"{tag}  - " for tag in ("TY", "AU", "TI", "T2", "PY", "DA", "UR", "LA", "ER"))
    ]
    assert "DA  - 2026/11/01" in lines


@pytest.mark.django_db
def test_the_page_cites_the_version_that_is_read(client):
    event = factories.make_event(title="Meeting", slug="meeting")
    date_back("2026-11-01", event)
    publish_on("2026-11-20", event, title="Meeting of the board")
    for query, title, day in (
        ("", "Meeting of the board", "2026-11-20"),
        ("?at=2026-11-10", "Meeting", "2026-11-01"),
    ):
        page = BeautifulSoup(client.get(f"{event.url}cite/{query}").content, "html.parser")
        coins = parse_qs(page.find(class_="Z3988")["title"])
        assert coins["rft.title"] == [title]
        assert coins["rft.aucorp"] == coins["rft.source"] == ["New Haven LEAD Watch"]
        assert coins["rft.identifier"] == [f"{event.full_url}?at={day}"]
        assert f"{event.full_url}?at={day}" in page.h2.find_next("p").text
        assert client.get(coins["rft.identifier"][0]).status_code == 200
    old = BeautifulSoup(client.get(f"{event.url}?at=2026-11-01").content, "html.parser")
    assert old.find("a", href=f"{event.url}cite/?at=2026-11-01")
    assert client.get(f"{event.url}cite/?at=2026-10-01").status_code == 404


@pytest.mark.django_db
def test_a_page_from_before_the_log_is_cited_by_its_address(client):
    page = factories.make_standard_page()
    PageLogEntry.objects.all().delete()
    cited = BeautifulSoup(client.get(f"{page.url}cite/").content, "html.parser")
    assert parse_qs(cited.find(class_="Z3988")["title"])["rft.identifier"] == [page.full_url]


@pytest.mark.django_db
def test_dates_are_in_the_language_of_the_page(client):
    spanish = factories.make_translation(factories.make_home())
    text = BeautifulSoup(client.get(f"{spanish.url}cite/").content, "html.parser").h2.find_next("p").text
    assert f" de {localdate().year}" in text
