"""How hard words are to read."""

from home.content_checks import reading

PLAIN = "The City ran a test. It did not ask us. We read the report. Two people got help. " * 8
HARD = (
    "Notwithstanding considerable administrative reorganization, municipal representatives characterized the "
    "interdepartmental implementation as demonstrably unsatisfactory. " * 10
)


def test_short_words_and_sentences_read_easily_and_long_ones_do_not():
    assert reading.grade([PLAIN]) <= 4
    assert reading.grade([HARD]) >= 14


def test_the_same_words_in_longer_sentences_are_harder():
    assert reading.grade([PLAIN.replace(". ", ", ")]) > reading.grade([PLAIN])


def test_too_few_words_tell_nothing():
    assert reading.grade(["The City ran a test."]) is None


def test_an_initial_or_a_title_ends_no_sentence_and_a_quotation_may():
    text = "John F. Kennedy met Dr. Day. “It was No. 5.” Then they left!"
    assert reading.sentences([text]) == ["John F. Kennedy met Dr. Day.", "“It was No. 5.", "Then they left!"]


def test_each_item_of_a_list_is_a_sentence_of_its_own():
    assert reading.sentences(["arrest data", "interviews", " "]) == ["arrest data", "interviews"]
