"""Visitors learn of a copy where they may read the page that cites it, and read it only if it is shown."""

import json
import re
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import FigureSource, KeptCopy
from tests.support import factories
from tests.support.routes import restrict
from timeline.models import EventSource

pytestmark = pytest.mark.django_db
URL = "https://news.example/story"
WORDS = "The program <script>alert(1)</script> ended."


@pytest.fixture
def event():
    return factories.make_event(sources=[EventSource(title="A story", publisher="The News", url=URL)])


@pytest.fixture
def copy():
    kept = factories.make_copy(URL, b"a WARC file", title="LEAD ends", text=WORDS, status=200)
    KeptCopy.objects.update(kept_at="2026-11-30T12:00Z")
    return kept


def show(copy):
    KeptCopy.objects.filter(pk=copy.pk).update(is_shown=True)


def below_the_source(client, page):
    html = client.get(page.url).content.decode()
    found = re.search(r'<div class="held-copy">(.*?)</div>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split()) if found else None


def addresses(copy):
    return [f"/copies/{copy.pk}/", f"/copies/{copy.pk}/file/", f"/es/copies/{copy.pk}/"]


def test_a_source_without_a_copy_says_nothing_of_copies(client, event):
    assert below_the_source(client, event) is None


def test_visitors_read_since_when_there_is_a_copy_its_hash_and_whom_to_ask(client, event, copy):
    contact = factories.make_contact()
    words = below_the_source(client, event)
    assert words.startswith("We have kept a copy since November 30, 2026. Ask for it")
    assert sha256(b"a WARC file").hexdigest() in words
    assert f'href="{contact.url}"' in client.get(event.url).content.decode()


@pytest.mark.parametrize("make", [factories.make_event, factories.make_concern, factories.make_document])
def test_a_copy_costs_no_query(client, django_assert_max_num_queries, make):
    page = make()
    page = type(page).objects.get(pk=page.pk)
    model = page.sources.model
    page.sources = [model(title=f"Story {n}", url=f"{URL}{n}") for n in range(5)]
    page.save_revision().publish()
    factories.make_contact()
    for number in range(5):
        factories.make_copy(f"{URL}{number}")
    client.get(page.url)
    with django_assert_max_num_queries(8):
        assert client.get(page.url).content.decode().count("kept a copy since") == 5


def test_the_sources_of_figures_name_copies_too(client):
    page, figure = factories.make_figures_page(), factories.make_figure()
    figure.sources = [FigureSource(title="A count", url=URL)]
    figure.save_revision().publish()
    show(factories.make_copy(URL))
    assert "We have kept a copy since" in below_the_source(client, page)
    assert client.get(f"/copies/{KeptCopy.objects.get().pk}/").status_code == 200


def test_a_hidden_copy_is_nobodys(client, event, copy):
    assert [client.get(address).status_code for address in addresses(copy)] == [404] * 3


def test_a_shown_copy_is_text_with_its_origin_and_a_download(client, event, copy):
    show(copy)
    assert below_the_source(client, event).startswith(
        "We have kept a copy since November 30, 2026. Read our copy"
    )
    response = client.get(f"/copies/{copy.pk}/")
    html = response.content.decode()
    assert "The program &lt;script&gt;alert(1)&lt;/script&gt; ended." in html
    for words in ("A story (The News)", URL, copy.sha256, "LEAD ends", event.title):
        assert words in html
    assert '<meta name="robots" content="noindex">' in html
    assert response["X-Robots-Tag"] == "noindex"


def test_the_file_comes_as_a_download_that_no_browser_runs(client, event, copy):
    show(copy)
    response = client.get(f"/copies/{copy.pk}/file/")
    assert b"".join(response.streaming_content) == b"a WARC file"
    assert response["Content-Disposition"] == f'attachment; filename="copy-{copy.pk}-2026-11-30.warc.gz"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/gzip"


@pytest.mark.parametrize("state", ["draft", "deleted", "with a password", "for accounts", "uncited"])
def test_a_copy_is_only_there_where_a_stranger_may_read_what_cites_it(event, copy, state):
    show(copy)
    if state == "draft":
        event.unpublish()
    elif state == "deleted":
        event.delete()
    elif state == "uncited":
        event.sources = [EventSource(title="Another")]
        event.save_revision().publish()
    else:
        kind = {"with a password": PageViewRestriction.PASSWORD, "for accounts": PageViewRestriction.LOGIN}
        restrict(event, kind[state])
    assert [Client().get(address).status_code for address in addresses(copy)] == [404] * 3


def test_who_has_the_password_of_a_page_reads_its_copy_and_no_cache_keeps_it(client, event, copy):
    show(copy)
    restriction = restrict(event, PageViewRestriction.PASSWORD)
    client.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{event.pk}/", {"password": "open sesame"}
    )
    session = client.session
    session[restriction.passed_view_restrictions_session_key] = [restriction.pk]
    session.save()
    response = client.get(f"/copies/{copy.pk}/")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_the_newest_shown_copy_is_named_else_the_oldest(client, event):
    days = {}
    for day in (3, 1, 2):
        days[day] = factories.make_copy(URL)
        KeptCopy.objects.filter(pk=days[day].pk).update(kept_at=f"2026-11-0{day}T12:00Z")
    assert "since November 1, 2026" in below_the_source(client, event)
    show(days[1])
    show(days[2])
    assert "since November 2, 2026" in below_the_source(client, event)
    html = client.get(f"/copies/{days[2].pk}/").content.decode()
    assert "November 1, 2026" in html
    assert "November 3, 2026" not in html


def test_what_is_being_fetched_or_failed_is_no_copy(client, event):
    KeptCopy.objects.create(address=URL, kind="fetched")
    KeptCopy.objects.create(address=URL, kind="fetched", state="failed")
    assert below_the_source(client, event) is None


def test_search_engines_learn_of_a_shown_copy(client, event, copy, settings):
    def archived():
        html = client.get(event.url).content.decode()
        data = json.loads(
            re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]
        )
        return re.search(r'"archivedAt": ?"([^"]*)"', json.dumps(data))

    assert archived() is None
    show(copy)
    assert archived()[1] == f"{settings.BASE_URL}/copies/{copy.pk}/"


def test_a_document_without_a_file_does_not_say_that_we_hold_nothing(client):
    page = factories.make_document()
    page.sources = [page.sources.model(title="A story", url=URL)]
    page.save_revision().publish()
    factories.make_copy(URL)
    html = client.get(page.url).content.decode()
    assert "We hold no copy" not in html


def test_the_day_is_that_of_new_haven(client, event):
    copy = factories.make_copy(URL)
    KeptCopy.objects.filter(pk=copy.pk).update(kept_at=timezone.datetime.fromisoformat("2026-12-01T02:00Z"))
    assert "since November 30, 2026" in below_the_source(client, event)


def test_a_chart_on_a_page_names_copies_as_the_page_of_figures_does(client, event, django_assert_num_queries):
    figure = factories.make_figure()
    figure.sources = [FigureSource(title=f"Count {n}", url=f"{URL}{n}") for n in range(3)]
    figure.save_revision().publish()
    event.sources = [EventSource(title="Another")]
    event.body = [("chart", {"figure": figure})]
    event.save_revision().publish()
    assert below_the_source(client, event) is None
    factories.make_copy(f"{URL}1")
    assert "We have kept a copy since" in below_the_source(client, event)
    figure = type(figure).objects.get(pk=figure.pk)
    with django_assert_num_queries(1):
        assert [bool(source.held_copy) for source in figure.cited_sources] == [False, True, False]
        assert len(figure.cited_sources) == 3


def test_the_words_of_a_long_copy_are_cut(client, event):
    show(factories.make_copy(URL, text="Much to read. " * 20_000))
    html = client.get(f"/copies/{KeptCopy.objects.get().pk}/").content.decode()
    assert 100_000 < len(html) < 130_000
    assert "This is only its beginning." in html
    KeptCopy.objects.all().delete()
    show(factories.make_copy(URL, text="Little to read."))
    assert (
        "This is only its beginning."
        not in client.get(f"/copies/{KeptCopy.objects.get().pk}/").content.decode()
    )
