"""The differences between two versions of a page, in the words that visitors read."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from bs4 import BeautifulSoup

LINES = re.compile(r"^(?:p|li|dt|dd|h[1-6]|tr|figcaption|caption|blockquote|div|section|header|figure)$")
# A line of the old version is shown inside the new one if so much of it is the same.
ALIKE = 0.5


@dataclass(frozen=True)
class Piece:
    """Words of a changed line: those that were removed, those that were added, or those that are in both."""

    kind: str
    words: str


def lines_of(html):
    """Return the lines of text in the main part of a page, with the addresses of links to other sites."""
    main = BeautifulSoup(html, "html.parser").main
    # A popover says a source once more, with its number, which changes with each source before it.
    for each in [*main(["nav", "script", "svg", "template"]), *main(popover=True)]:
        each.decompose()
    for image in main("img"):
        image.replace_with(image.get("alt", ""))
    for link in main("a", href=re.compile("^https?:")):
        link.append(f" ({link['href']})")
    for text in main(string=re.compile(r"\s")):
        text.replace_with(re.sub(r"\s+", " ", text))
    for line in main(LINES):
        line.insert_before("\n")
        line.append("\n")
    return [line.strip() for line in main.get_text().split("\n") if line.strip()]


def changes(before, after):
    """Yield the Pieces of each line that is new, gone or different, in the order of the page."""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _changed(before[a:b], after[c:d])


def _changed(old, new):
    for one, other in zip(old, new, strict=False):
        words = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
        if words.ratio() < ALIKE:
            yield [Piece("removed", one)]
            yield [Piece("added", other)]
        else:
            yield list(_pieces(words))
    yield from ([Piece("removed", line)] for line in old[len(new) :])
    yield from ([Piece("added", line)] for line in new[len(old) :])


def _pieces(words):
    for kind, a, b, c, d in words.get_opcodes():
        if kind == "equal":
            yield Piece("same", " ".join(words.a[a:b]))
            continue
        if a < b:
            yield Piece("removed", " ".join(words.a[a:b]))
        if c < d:
            yield Piece("added", " ".join(words.b[c:d]))
