"""The reading level of texts."""

from home.content_checks import reading_level

PLAIN = "The City ran a test. It did not ask us. We read the report. Two people got help. " * 8
HARD = (
    "Notwithstanding considerable administrative reorganization, municipal representatives characterized the "
    "interdepartmental implementation as demonstrably unsatisfactory. " * 10
)


def test_short_words_and_sentences_read_easily_and_long_ones_do_not():
    assert reading_level.grade([PLAIN]) <= 4
    assert reading_level.grade([HARD]) >= 14


def test_the_same_words_in_longer_sentences_are_harder():
    assert reading_level.grade([PLAIN.replace(". ", ", ")]) > reading_level.grade([PLAIN])


def test_a_short_text_has_no_grade():
    assert reading_level.grade(["The City ran a test."]) is None


def test_initials_and_abbreviations_do_not_end_a_sentence():
    text = "John F. Kennedy met Dr. Day. “It was No. 5.” Then they left!"
    assert reading_level.sentences([text]) == [
        "John F. Kennedy met Dr. Day.",
        "“It was No. 5.",
        "Then they left!",
    ]


def test_each_list_item_is_a_sentence():
    assert reading_level.sentences(["arrest data", "interviews", " "]) == ["arrest data", "interviews"]
