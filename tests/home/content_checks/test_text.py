"""Problems that an editor should fix on a page."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from home.dates.values import PreciseDate
from home.external_links.validation import leads_somewhere, leads_to_the_admin
from tests.support import factories
from tests.support.content_checks import problems
from timeline.models import EventSource

pytestmark = pytest.mark.django_db


def problems_of(*blocks, **fields):
    """The problems of a standard page with these blocks, whose ids are b0, b1 and so on."""
    body = [{"id": f"b{place}", "type": kind, "value": value} for place, (kind, value) in enumerate(blocks)]
    return problems(factories.make_standard_page(body=body, **fields))


def link_to(**attributes):
    return "<p><a {}>the minutes</a></p>".format(
        " ".join(f'{name}="{value}"' for name, value in attributes.items())
    )


def checkable():
    return EventSource(**factories.source_fields(url="https://example.org/lead"))


def the_only(found):
    [(words, path)] = found.items()
    return words, path


def test_a_finished_page_has_no_problem():
    page = factories.make_event(sources=[checkable()], body=[("text", "<p>They said what they saw.</p>")])
    assert not problems(page)


def test_an_undated_event_without_a_source_a_category_or_a_summary_says_so():
    event = factories.make_event()
    event.date, event.category, event.summary = None, None, ""
    event.sources.set([])
    found = problems(event)
    assert {"date", "category", "summary", "sources"} == set(found.values())
    assert any(words.startswith("Date is still empty. As exactly as known") for words in found)
    assert any("Add at least one under Sources" in words for words in found)


def test_a_source_without_an_address_is_a_problem():
    event = factories.make_event()
    event.sources.set([EventSource(title="A letter")])
    words, path = the_only(problems(event))
    assert "“A letter” cannot be checked" in words
    assert path == "sources"


def test_dates_to_come_are_asked_about_in_a_hint():
    source = checkable()
    source.published, source.accessed = PreciseDate(2962), date(2963, 1, 2)
    event = factories.make_event(date="2960-05", end_date="2961", sources=[source])
    event.last_reviewed = date(2964, 1, 2)
    event.go_live_at = datetime(2965, 1, 2, tzinfo=UTC)
    found = list(event.problems())
    assert all(problem.is_hint for problem in found)
    assert [(problem.words.split(",")[0].split(" is ")[0], problem.path) for problem in found] == [
        ("“Last reviewed”", "last_reviewed"),
        ("“Date”", "date"),
        ("“End”", "end_date"),
        ("“Published”", "sources"),
        ("“Read on”", "sources"),
    ]


@pytest.mark.parametrize("kind", ["quote", "number", "table"])
def test_quotes_numbers_and_tables_need_a_source(kind):
    values = {
        "quote": {"text": "We were not asked."},
        "number": {"value": "2", "label": "diversions"},
        "table": {"table": {"columns": [], "rows": [], "caption": ""}},
    }
    words, path = the_only(problems_of((kind, values[kind])))
    assert words.startswith(f"This {kind} does not say where it is from")
    assert path == "body.b0.source_title"
    assert not problems_of((kind, values[kind] | {"source_title": "The report"}))


def test_an_image_needs_a_description_unless_it_is_decorative():
    image = factories.make_image(title="March", description="")
    block = {"image": {"image": image.pk, "alt_text": "", "decorative": False}, "caption": ""}
    words, path = the_only(problems_of(("image", block)))
    assert "“March” has no description" in words
    assert path == "body.b0.image.alt_text"
    assert not problems_of(("image", {"image": block["image"] | {"decorative": True}}))
    assert not problems_of(("image", {"image": block["image"] | {"alt_text": "People march"}}))

    assert (
        the_only(problems(factories.make_event(lead_image=image, sources=[checkable()])))[1] == "lead_image"
    )


def test_a_link_to_a_page_that_is_not_public_is_a_problem():
    public = factories.make_standard_page()
    draft = factories.make_standard_page(live=False)
    private = factories.make_standard_page()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for pk, is_open in ((public.pk, True), (draft.pk, False), (private.pk, False), (999999, False)):
        found = problems_of(("text", link_to(linktype="page", id=pk)))
        assert bool(found) is not is_open, pk
        if found:
            assert "“the minutes” links to: it is not published" in the_only(found)[0]
    chosen = problems_of(("button", {"text": "Read on", "page": draft.pk, "url": ""}))
    assert the_only(chosen)[1] == "body.b0.page"
    assert not problems_of(("button", {"text": "Read on", "page": public.pk, "url": ""}))


def test_a_draft_may_link_to_itself():
    page = factories.make_standard_page(live=False)
    page.body = [("text", link_to(linktype="page", id=page.pk))]
    assert not problems(page)


def test_a_link_to_a_file_that_is_not_public_is_a_problem():
    hidden = Collection.get_first_root_node().add_child(name="Hidden")
    CollectionViewRestriction.objects.create(collection=hidden, restriction_type="login")
    public, private = factories.make_file(), factories.make_file(collection=hidden)
    assert not problems_of(("text", link_to(linktype="document", id=public.pk)))
    for pk in (private.pk, 999999):
        words, _path = the_only(problems_of(("text", link_to(linktype="document", id=pk))))
        assert "the file that “the minutes” links to" in words


@pytest.mark.parametrize(
    "block",
    [
        ("button", {"text": "Read on", "page": None, "url": ""}),
        ("document", {"page": None, "file": None, "note": ""}),
        ("related_pages", {"heading": "", "pages": []}),
    ],
)
def test_a_block_without_a_target_is_a_problem(block):
    assert the_only(problems_of(block))[1] == "body.b0"


@pytest.mark.parametrize(
    ("address", "is_whole"),
    [
        ("https://www.newhavenct.gov/lead", True),
        ("http://newhavenindependent.org/", True),
        ("mailto:us@example.org", True),
        ("tel:+12035550100", True),
        ("/timeline/", True),
        ("#section-what", True),
        ("", False),
        ("www.newhavenct.gov", False),
        ("https://https://www.newhavenct.gov", False),
        ("https:/www.newhavenct.gov", False),
        ("http//www.newhavenct.gov", False),
        ("https://minutes", False),
        ("//www.newhavenct.gov", False),
        ("http://[", False),
    ],
)
def test_incomplete_addresses_lead_nowhere(address, is_whole):
    assert leads_somewhere(address) is is_whole


def test_a_link_to_the_admin_is_a_problem(settings):
    assert leads_to_the_admin("/admin/pages/3/edit/preview/")
    assert leads_to_the_admin(f"{settings.WAGTAILADMIN_BASE_URL}/admin/pages/3/edit/")
    assert not leads_to_the_admin("https://example.org/admin/")
    words, _path = the_only(problems_of(("text", link_to(href="/admin/pages/3/view_draft/"))))
    assert "only editors can open" in words


def test_headings_need_text_order_and_different_words():
    def heading(text, level="h2"):
        return ("heading", {"text": text, "level": level})

    assert not problems_of(heading("What"), heading("Who", "h3"), heading("When"))
    found = problems_of(heading("Who", "h3"), heading("What"), heading(""), heading("what "))
    assert set(found.values()) == {"body.b0.level", "body.b2.text", "body.b3.text"}
    question = ("question", {"question": "Who?", "answer": "<p>We.</p>", "level": "h3"})
    assert "“Who?” is a subsection" in the_only(problems_of(question))[0]


def test_long_sentences_and_hard_texts_are_hints():
    sentence = " ".join(["The City and its partners met again"] * 7)
    page = factories.make_standard_page(
        body=[
            {"id": "b0", "type": "text", "value": "<p>Short.</p>"},
            {"id": "b1", "type": "text", "value": f"<p>{sentence}.</p>"},
        ]
    )
    [problem] = page.problems()
    assert problem.is_hint
    assert "has 49 words" in problem.words
    assert problem.path == "body.b1"

    hard = "Municipal representatives characterized interdepartmental implementation unfavorably. " * 20
    assert "years of school" in the_only(problems_of(("text", f"<p>{hard}</p>")))[0]


def test_only_english_texts_are_graded():
    page = factories.make_standard_page(body=[("text", f"<p>{'palabra ' * 60}</p>")])
    assert problems(page)
    page.locale = Locale.objects.get_or_create(language_code="es")[0]
    assert not problems(page)


def test_many_links_take_no_more_queries_than_one():
    target = factories.make_standard_page()

    def queries(count):
        text = link_to(linktype="page", id=target.pk) + link_to(linktype="document", id=7)
        blocks = [("text", text), ("button", {"text": "Go", "page": target.pk, "url": ""})] * count
        body = [{"id": f"b{n}", "type": kind, "value": value} for n, (kind, value) in enumerate(blocks)]
        page = factories.make_standard_page(body=body)
        page = type(page).objects.get(pk=page.pk)
        with CaptureQueriesContext(
            connection,
        ) as found:
            list(page.problems())
        return len(found)

    assert queries(1) == queries(10)


def test_the_starter_content_has_no_problems(starter_content):
    for page in Page.objects.filter(depth__gt=1).specific():
        assert not problems(page), page.title
