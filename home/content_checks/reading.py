"""How hard English words are to read, so that an editor learns which sentence to shorten."""

import re
from math import ceil

__all__ = ["grade", "sentences", "words"]

# Measures of this kind are made for passages of a hundred words, and say little about fewer.
FEWEST_WORDS = 100

WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
# Neither an initial nor a title ends a sentence: "John F. Kennedy", "Dr. Day", "No. 5".
END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Dr|Mr|Ms|No|St)\.)[\"”’)]*\s+")


def sentences(paragraphs):
    """The sentences of paragraphs, in order. The item of a list is a paragraph too."""
    return [each for text in paragraphs for each in END.split(text.strip()) if words(each)]


def words(text):
    """The words of a text; a number is one."""
    return WORD.findall(text)


def grade(paragraphs):
    """
    The years of school that a text asks for, or None if it is too short to tell.

    It is the Automated Readability Index (Senter and Smith, 1967), which counts letters and words. The better
    known Flesch-Kincaid needs syllables, which in English take a dictionary of pronunciation: the packages
    for it bring NLTK.
    """
    all_sentences = sentences(paragraphs)
    all_words = [word for sentence in all_sentences for word in words(sentence)]
    if len(all_words) < FEWEST_WORDS:
        return None
    letters = sum(character.isalnum() for word in all_words for character in word)
    return max(1, ceil(4.71 * letters / len(all_words) + 0.5 * len(all_words) / len(all_sentences) - 21.43))
