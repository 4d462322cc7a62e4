"""The reading level of an English text."""

import re
from math import ceil

from django.utils.translation import gettext as _

from home.content_checks.problem import Problem

# WCAG 2.2, 3.1.5: a text that takes more than nine years of school needs an easier version.
MAX_GRADE = 9
MAX_SENTENCE_WORDS = 40
# Words of a long sentence that the message quotes.
QUOTED_WORDS = 12
# The index is made for passages of about a hundred words.
MIN_WORDS = 100

WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
# Initials and abbreviations don't end a sentence: "John F. Kennedy", "Dr. Day", "No. 5".
END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Dr|Mr|Ms|No|St)\.)[\"”’)]*\s+")


def sentences(paragraphs):
    return [each for text in paragraphs for each in END.split(text.strip()) if words(each)]


def words(text):
    """Split a text into words; numbers count as words."""
    return WORD.findall(text)


def grade(paragraphs):
    """
    Return the years of school that it takes to read a text, or None if the text is too short.

    Uses the Automated Readability Index (Senter and Smith, 1967), which counts letters and words. The better
    known Flesch-Kincaid needs syllables, and so a pronunciation dictionary.
    """
    all_sentences = sentences(paragraphs)
    all_words = [word for sentence in all_sentences for word in words(sentence)]
    if len(all_words) < MIN_WORDS:
        return None
    letters = sum(character.isalnum() for word in all_words for character in word)
    return max(1, ceil(4.71 * letters / len(all_words) + 0.5 * len(all_words) / len(all_sentences) - 21.43))


def reading_problem(paragraphs):
    """Yield a hint if a text is hard to read. `paragraphs` are pairs of a text and its path."""
    years = grade([text for text, _path in paragraphs]) or 0
    longest, path = max(
        ((sentence, path) for text, path in paragraphs for sentence in sentences([text])),
        key=lambda found: len(words(found[0])),
        default=("", ""),
    )
    count = len(words(longest))
    parts = []
    if years > MAX_GRADE:
        hint = _(
            "This takes %(grade)s years of school to read. Aim for %(aim)s: short sentences, plain words."
        )
        parts.append(hint % {"grade": years, "aim": MAX_GRADE})
    if parts or count > MAX_SENTENCE_WORDS:
        hint = _("The longest sentence has %(count)s words. Split it in two: “%(sentence)s…”")
        parts.append(hint % {"count": count, "sentence": " ".join(longest.split()[:QUOTED_WORDS])})
        yield Problem(" ".join(parts), path, is_hint=True)
