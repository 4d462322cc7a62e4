"""A source quotes words on a page of a record, and readers see them cut out of it."""

import re

import pytest
from bs4 import BeautifulSoup
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from concerns.models import ConcernSource
from home.kept import reading
from home.models import DocumentSource, FigureSource, FilePage
from home.models.quotation import quotations_of
from tests.support import factories
from tests.support.records import record_of
from timeline.models import EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WORDS = [["The", [100, 100, 40, 12]], ["board", [150, 100, 60, 12]], ["met.", [100, 120, 40, 12]]]


@pytest.fixture
def record():
    return record_of("Before.", "The <board> met the board.", words=WORDS, slug="minutes")


def cite(record, model=EventSource, make=factories.make_event, **fields):
    """Return a page with a source that quotes the second page of a record."""
    quoted = {"document": record.file, "page": "2", "quote": "the board … met"}
    return make(sources=[model(**factories.source_fields(**(quoted | fields)))])


def quotation_in(client, page):
    response = client.get(page.url)
    assert response.status_code == 200
    [found] = BeautifulSoup(response.content, "html.parser").select(".source-list .quotation")
    return found


@pytest.mark.parametrize(
    ("model", "make"),
    [
        (EventSource, factories.make_event),
        (ConcernSource, factories.make_concern),
        (DocumentSource, factories.make_document),
    ],
)
def test_readers_see_the_words_on_the_page_and_go_to_all_of_it(client, record, model, make):
    quotation = quotation_in(client, cite(record, model, make))
    assert quotation.blockquote.text.strip() == "“the board … met”"
    page = FilePage.objects.get(number=2)
    assert quotation.image["href"] == page.images[1][0]
    assert quotation.svg["viewbox"] == "82 82 400 68"
    assert len(quotation.select("rect")) == 3
    link = quotation.a
    assert link.text.strip() == "Page 2 of “Minutes of May”"
    assert link["href"].startswith(f"{record.url}pages/2/?q=")
    whole = BeautifulSoup(client.get(link["href"]).content, "html.parser")
    assert [rect["x"] for rect in whole.select(".file-page rect")] == ["100", "150", "100"]
    assert [mark.text for mark in whole.select(".file-text mark")] == ["The <board", "met"]


def test_words_that_go_over_paragraphs_are_marked_in_each(client):
    words = [["The", [100, 100, 40, 12]], ["board", [150, 100, 60, 12]]]
    record = record_of("The\n\nboard met.", words=words)
    html = client.get(f'{record.url}pages/1/?q="the board"').content.decode()
    assert re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL) == ["The", "board"]


def test_line_breaks_of_pasted_words_are_spaces(client, record):
    event = cite(record, quote="the\nboard")
    quotation = quotation_in(client, event)
    assert quotation.blockquote.text.strip() == "“the board”"
    assert quotation.a["href"].endswith("?q=%22the%20board%22")
    form = event.get_edit_handler().get_form_class()(instance=event)
    assert "<textarea" in str(form.formsets["sources"].forms[0]["quote"])


def test_a_figure_shows_what_its_source_quotes(client, record):
    figures = factories.make_figures_page()
    for _number in range(2):
        figure = factories.make_figure()
        fields = {"document": record.file, "page": "2", "quote": "the board"}
        figure.sources = [FigureSource(**factories.source_fields(**fields))]
        figure.save()
    soup = BeautifulSoup(client.get(figures.url).content, "html.parser")
    assert len(soup.select(".chart-sources .quotation svg")) == 2


def test_words_of_a_scan_and_a_page_without_words_lead_to_the_page(client, record):
    FilePage.objects.update(words=[])
    quotation = quotation_in(client, event := cite(record))
    assert quotation.blockquote
    assert not quotation.svg
    assert quotation.a["href"].startswith(f"{record.url}pages/2/?q=")
    assert not any("are not found" in problem.words for problem in event.problems())
    quotation = quotation_in(client, cite(record, quote=""))
    assert not quotation.blockquote
    assert quotation.a["href"] == f"{record.url}pages/2/"


@pytest.mark.parametrize(
    "fields", [{"page": ""}, {"page": "9"}, {"page": "x"}, {"quote": "other words"}, {"document": None}]
)
def test_words_that_are_not_found_are_quoted_without_the_page(client, record, fields):
    event = cite(record, **fields)
    quotation = quotation_in(client, event)
    assert not quotation.select("svg, a")
    assert any("are not found" in problem.words for problem in event.problems())


def test_words_that_are_found_are_no_problem(record):
    assert not any("are not found" in problem.words for problem in cite(record).problems())


def test_a_page_that_a_stranger_may_not_see_is_not_shown(client, record):
    event = cite(record)
    restriction = PageViewRestriction.objects.create(page=record, restriction_type="login")
    assert not quotation_in(client, event).select("svg, a")
    restriction.delete()
    assert quotation_in(client, event).svg
    record.file.collection = record.file.collection.add_child(name="Kept back")
    record.file.save()
    CollectionViewRestriction.objects.create(collection=record.file.collection, restriction_type="login")
    assert not quotation_in(client, event).select("svg, a")


def test_many_quotations_take_two_queries_and_none_takes_none(record, django_assert_num_queries):
    sources = [*cite(record).cited_sources]
    with reading():
        quotations_of(sources)
        with django_assert_num_queries(2):
            assert all(each.boxes for each in quotations_of(sources * 3))
        sources[0].quote = sources[0].page = ""
        with django_assert_num_queries(0):
            assert quotations_of(sources) == [None]
