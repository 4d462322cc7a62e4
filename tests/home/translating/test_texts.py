"""All words of a page go to a machine, and nothing else; what it says is put in place if it fits."""

import pytest

from home.translating.texts import Text, replace, texts_of
from tests.support import factories

pytestmark = pytest.mark.django_db

TEXT = '<p>See <a linktype="page" id="3">the plan</a> [1].</p>'


def block(kind, **value):
    return {"type": kind, "value": value, "id": f"1f0c1c66-0000-4000-8000-{abs(hash(kind)) % 10**12:012}"}


@pytest.fixture
def page():
    table = {
        "columns": [{"type": "text", "heading": "Part of town"}, {"type": "text", "heading": "Arrests"}],
        "rows": [{"values": ["Downtown", "590"]}],
        "caption": "In 2018",
    }
    body = [
        block("heading", text="A heading", level="h2"),
        {"type": "text", "value": TEXT, "id": "1f0c1c66-0000-4000-8000-000000000001"},
        block(
            "quote",
            text="We agree.",
            who="The mayor",
            source_title="Minutes",
            source_url="https://a.example/",
        ),
        block("table", table=table, row_headings=False, source_title="A report", source_url=""),
    ]
    return factories.make_standard_page(title="A title", summary="A summary.", body=body)


def test_the_words_of_fields_blocks_and_tables_are_sent_and_nothing_else(page):
    assert [text.words for text in texts_of(page)] == [
        "A title",
        "A summary.",
        "A heading",
        TEXT,
        "We agree.",
        "The mayor",
        "Part of town",
        "Arrests",
        "Downtown",
        "In 2018",
    ]
    assert [text.words for text in texts_of(page) if text.is_html] == [TEXT]


def test_the_rest_of_a_page_stays_as_it_was(page):
    before = page.body.get_prep_value()
    replace(page, {text: text.words for text in texts_of(page)})
    assert page.body.get_prep_value() == before
    replace(page, {Text("Downtown"): "El centro", Text("A heading"): "Un título"})
    after = page.body.get_prep_value()
    assert after[0] == before[0] | {"value": before[0]["value"] | {"text": "Un título"}}
    assert after[3]["value"]["table"]["rows"] == [{"values": ["El centro", "590"]}]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        (
            '<p onclick="x">Vea <a linktype="page" id="3">el plan</a> [1].<script>x</script></p>',
            '<p>Vea <a linktype="page" id="3">el plan</a> [1].</p>',
        ),
        ("<p>Vea el plan [1].</p>", TEXT),
        ('<p>Vea <a linktype="page" id="4">el plan</a> [1].</p>', TEXT),
        ('<p>Vea <a linktype="page" id="3">el plan</a>.</p>', TEXT),
    ],
)
def test_a_translation_has_the_links_and_citations_of_the_original_and_no_other_markup(page, words, becomes):
    replace(page, {Text(TEXT, is_html=True): words})
    assert page.body[1].value.source == becomes


def test_a_translation_that_is_too_long_is_left_out(page):
    replace(page, {Text("A summary."): "x" * 501, Text("A title"): "x" * 255})
    assert (page.summary, page.title) == ("A summary.", "x" * 255)


def test_the_eras_of_a_timeline_and_the_words_of_a_term_are_sent():
    factories.make_era(headline="The pilot")
    timeline = type(factories.make_timeline()).objects.get()
    assert Text("The pilot") in texts_of(timeline)
    term = factories.make_term(term="Booking", aliases="", definition="At the station.")
    assert [text.words for text in texts_of(term)] == ["Booking", "At the station."]
