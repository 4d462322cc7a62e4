"""Find the passage of a text that shows why it was found, and mark the words in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from search.text.words import normalize, stem

# Maximum length of a passage, and of what precedes the first marked word in it. In characters.
LENGTH = 260
BEFORE = 60

# A matching word in a text: its start, its end and its stem.
Place = tuple[int, int, str]


@dataclass(frozen=True)
class Passage:
    """A part of a text as HTML, with the number of different words of the query in it."""

    found: int
    html: SafeString


@dataclass(frozen=True)
class Highlighter:
    """Finds the words of a query in texts of one language."""

    stems: frozenset[str]
    pattern: re.Pattern | None
    language: str

    @classmethod
    def of(cls, words: Iterable[str], language: str) -> "Highlighter":
        """
        :param words: normalized words.
        """
        words = list(words)
        stems = frozenset(stem(word, language) for word in words)
        # The common beginnings of words and their stems, so that a whole book can be searched fast.
        beginnings = {_common_start(word, stem(word, language)) for word in words}
        pattern = "|".join(map(_in_any_spelling, sorted(filter(None, beginnings))))
        return cls(
            stems,
            re.compile(rf"(?<![^\W_])(?:{pattern})[^\W_]*(?:['’][^\W_]+)*", re.IGNORECASE)
            if pattern
            else None,
            language,
        )

    def places(self, text: str) -> list[Place]:
        """Return the places of the words in a text."""
        if self.pattern is None:
            return []
        found = []
        for match in self.pattern.finditer(text):
            root = stem(normalize(match[0]), self.language)
            if root in self.stems:
                found.append((match.start(), match.end(), root))
        return found

    def best_passage(self, text: str) -> Passage:
        """Return the passage with the most different words, or the beginning of the text if it has none."""
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

    def best_of(self, texts: Iterable[str]) -> Passage:
        """Return the best passage of several texts, or the first of equally good ones."""
        return max(map(self.best_passage, texts), key=lambda passage: passage.found)

    def marked(self, text: str) -> SafeString:
        """Return the whole text as HTML with the words marked."""
        return self._mark(text, 0, len(text), self.places(text))

    def _cut(self, text: str, start: int, places: list[Place]) -> SafeString:
        begin = _after_space(text, max(start - BEFORE, 0), start) if start > BEFORE else 0
        end = min(begin + LENGTH, len(text))
        if end < len(text) and (space := text.rfind(" ", begin, end)) > start:
            end = space
        return format_html(
            "{}{}{}",
            "… " if begin else "",
            self._mark(text, begin, end, places),
            " …" if end < len(text) else "",
        )

    def _mark(self, text: str, begin: int, end: int, places: list[Place]) -> SafeString:
        pieces, position = [], begin
        for start, stop, _root in places:
            if start < position or stop > end:
                continue
            pieces += [
                conditional_escape(text[position:start]),
                format_html("<mark>{}</mark>", text[start:stop]),
            ]
            position = stop
        return mark_safe("".join([*pieces, conditional_escape(text[position:end])]))


def _after_space(text: str, begin: int, start: int) -> int:
    space = max(text.find(" ", begin, start), text.find("\n", begin, start))
    return space + 1 if space >= 0 else begin


def _common_start(word: str, root: str) -> str:
    length = 0
    while length < min(len(word), len(root)) and word[length] == root[length]:
        length += 1
    # "policies" and "policy" have the stem "polici".
    return word[:length].removesuffix("i") or word[:length]


# The letters that are normalized to one without an accent. Combining accents may follow any of them.
_SPELLINGS = {"a": "aáàâäãå", "c": "cç", "e": "eéèêë", "i": "iíìîï", "n": "nñ", "o": "oóòôöõ", "u": "uúùûü"}


def _in_any_spelling(beginning: str) -> str:
    if beginning.isdigit():
        return ",?".join(beginning)
    return "['’]?".join(
        f"[{_SPELLINGS[letter]}]" if letter in _SPELLINGS else re.escape(letter) for letter in beginning
    )
