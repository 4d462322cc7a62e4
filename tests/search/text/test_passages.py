import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.passages import LENGTH, Highlighter

pytestmark = pytest.mark.postgres

WORDS = "The City signed a memorandum. Nobody was invited to plan. "


def test_all_forms_of_the_words_are_marked():
    assert Highlighter.of(["policy"], "en").marked("Police policies & Policy’s") == (
        "Police <mark>policies</mark> &amp; <mark>Policy’s</mark>"
    )
    assert Highlighter.of(["policies"], "en").marked("A policy") == "A <mark>policy</mark>"
    assert Highlighter.of(["reunion"], "es").marked("Dos reuniones, una reunión") == (
        "Dos <mark>reuniones</mark>, una <mark>reunión</mark>"
    )
    assert Highlighter.of(["75000"], "en").marked("It is $75,000.") == "It is $<mark>75,000</mark>."


def test_html_in_a_text_is_escaped():
    passage = Highlighter.of(["script"], "en").best_passage("<script>alert('arrest')</script>")
    assert passage.html.startswith("&lt;<mark>script</mark>&gt;alert(&#x27;arrest")


def test_the_passage_with_the_most_different_words_is_shown():
    text = WORDS * 20 + "A grant for diversion came in spring." + WORDS * 20 + "A grant. " + WORDS * 5
    passage = Highlighter.of(["grants", "diversion"], "en").best_passage(text)
    assert passage.found == 2
    assert "<mark>grant</mark> for <mark>diversion</mark>" in passage.html
    assert passage.html.startswith("… ")
    assert passage.html.endswith(" …")


def test_the_passage_is_the_beginning_if_the_text_has_none_of_the_words():
    passage = Highlighter.of(["nothing"], "en").best_passage(WORDS)
    assert passage.found == 0
    assert passage.html == WORDS


def test_a_long_book_is_searched_fast():
    text = "arrest " * 200_000
    assert Highlighter.of(["arrest"], "en").best_passage(text).found == 1


@given(
    st.text(max_size=600), st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1), max_size=4)
)
def test_a_passage_is_a_part_of_the_text(text, words):
    passage = Highlighter.of(words, "en").best_passage(text)
    plain = html.unescape(re.sub("</?mark>", "", passage.html))
    assert plain.removeprefix("… ").removesuffix(" …") in text
    assert len(plain) <= LENGTH + 4
