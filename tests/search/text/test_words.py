import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.words import MAX_REMEMBERED, MAX_WORD_LENGTH, normalize, stem, stems, words_in

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["policy", "policies", "Policies", "POLICY'S"]),
        ("en", ["arrest", "arrests", "arrested", "arresting"]),
        ("en", ["divert", "diverted", "diverts"]),
        ("en", ["City's", "cities", "city’s", "City"]),
        ("en", ["75,000", "75000"]),
        ("es", ["organización", "organizacion", "organizaciones", "Organizaciones"]),
        ("es", ["reunión", "reunion", "reuniones"]),
        ("es", ["policía", "policias", "policías"]),
        ("es", ["Peña", "pena", "PEN\u0303A"]),
    ],
)
def test_forms_of_a_word_have_one_stem(language, forms):
    assert len({tuple(stems(form, language)) for form in forms}) == 1


def test_different_words_have_different_stems():
    assert stem("policy", "en") != stem("police", "en")
    assert stem("arrest", "en") != stem("rest", "en")


def test_words_are_at_the_given_positions():
    text = "The City’s grant: $75,000, in Hill-North"
    assert [text[start:end] for _word, start, end in words_in(text)] == [
        *("The", "City’s", "grant", "75,000", "in", "Hill", "North")
    ]


@given(st.text())
def test_normalizing_is_idempotent_and_leaves_only_letters_and_digits(text):
    for word, start, end in words_in(text):
        assert word.isalnum()
        assert len(word) <= MAX_WORD_LENGTH
        assert normalize(word) == word
        assert text[start:end]


def test_words_of_other_languages_are_not_stemmed():
    assert stem("wörter", "de") == "wörter"


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1), st.sampled_from(["en", "es", "de"]))
def test_a_stem_begins_with_the_letter_of_its_word(word, language):
    assert stem(word, language)[0] == word[0]


def test_random_words_of_searches_do_not_fill_the_memory():
    for number in range(MAX_REMEMBERED + 100):
        stem(normalize(f"x{number}x"), "en")
    assert normalize.cache_info().currsize == stem.cache_info().currsize == MAX_REMEMBERED
