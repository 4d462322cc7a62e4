"""The part of a text that shows why it was found, with the words marked."""

import re
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from search.text.words import fold, stem

# Characters of a passage, and how many stand before the first word that was looked for.
LENGTH = 260
BEFORE = 60


@dataclass(frozen=True)
class Passage:
    """A part of a text as HTML, and how many different words of those looked for it has."""

    found: int
    html: str


@dataclass(frozen=True)
class Finder:
    """The words that somebody looks for, to be found again in texts of one language."""

    stems: frozenset
    pattern: re.Pattern | None
    language: str

    @classmethod
    def of(cls, words, language):
        """
        :param words: folded words.
        """
        stems = {stem(word, language) for word in words}
        # What a word and its stem begin with alike, so that a whole book can be looked through fast.
        beginnings = {_common_start(word, stem(word, language)) for word in words}
        pattern = "|".join(map(_in_any_spelling, sorted(filter(None, beginnings))))
        return cls(
            frozenset(stems),
            re.compile(rf"(?<![^\W_])(?:{pattern})[^\W_]*(?:['’][^\W_]+)*", re.IGNORECASE)
            if pattern
            else None,
            language,
        )

    def places(self, text):
        """Where the words stand: lists of (start, end, stem)."""
        if self.pattern is None:
            return []
        found = []
        for match in self.pattern.finditer(text):
            root = stem(fold(match[0]), self.language)
            if root in self.stems:
                found.append((match.start(), match.end(), root))
        return found

    def best_passage(self, text):
        """The part of the text with the most different words; its beginning if there are none."""
        places = self.places(text)
        if not places:
            return Passage(0, self._cut(text, 0, []))
        best, start = 0, places[0][0]
        for first, (begin, _end, _root) in enumerate(places):
            last = first
            while last < len(places) and places[last][1] - begin <= LENGTH - BEFORE:
                last += 1
            if (found := len({root for _begin, _end, root in places[first:last]})) > best:
                best, start = found, begin
            if best == len(self.stems):
                break
        return Passage(best, self._cut(text, start, places))

    def best_of(self, texts):
        """The best passage of several texts; of equal ones the first."""
        return max(map(self.best_passage, texts), key=lambda passage: passage.found)

    def marked(self, text):
        """The whole text as HTML, with the words marked."""
        return self._mark(text, 0, len(text), self.places(text))

    def _cut(self, text, start, places):
        begin = _at_a_space(text, max(start - BEFORE, 0), start) if start > BEFORE else 0
        end = min(begin + LENGTH, len(text))
        if end < len(text) and (space := text.rfind(" ", begin, end)) > start:
            end = space
        return format_html(
            "{}{}{}",
            "… " if begin else "",
            self._mark(text, begin, end, places),
            " …" if end < len(text) else "",
        )

    def _mark(self, text, begin, end, places):
        pieces, place = [], begin
        for start, stop, _root in places:
            if start < place or stop > end:
                continue
            pieces += [
                conditional_escape(text[place:start]),
                format_html("<mark>{}</mark>", text[start:stop]),
            ]
            place = stop
        return mark_safe("".join([*pieces, conditional_escape(text[place:end])]))


def _at_a_space(text, begin, start):
    space = max(text.find(" ", begin, start), text.find("\n", begin, start))
    return space + 1 if space >= 0 else begin


def _common_start(word, root):
    length = 0
    while length < min(len(word), len(root)) and word[length] == root[length]:
        length += 1
    # "policies" and "policy" have one stem, "polici".
    return word[:length].removesuffix("i") or word[:length]


# The letters that are folded into one without an accent; a combining accent may stand behind any of them.
_SPELLINGS = {"a": "aáàâäãå", "c": "cç", "e": "eéèêë", "i": "iíìîï", "n": "nñ", "o": "oóòôöõ", "u": "uúùûü"}


def _in_any_spelling(beginning):
    if beginning.isdigit():
        return ",?".join(beginning)
    return "['’]?".join(
        f"[{_SPELLINGS[letter]}]" if letter in _SPELLINGS else re.escape(letter) for letter in beginning
    )
