"""Extract the text of a file. Nothing here imports Django; it runs in the child process."""

import re
import time
import unicodedata

from home.files.errors import UnreadableFile, UnsupportedFile
from home.files.kinds import KINDS

# Only the beginning of a longer text is kept.
MAX_CHARACTERS = 2_000_000
# Seconds, checked between two pages, paragraphs or rows.
TIME_LIMIT = 60

LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Control characters, invisible characters, lone surrogates, and the private use area.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    r"\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]"
)
SPACES = re.compile(r"[^\S\n]+")
SPACE_AT_LINE_END = re.compile(r" ?\n ?")
EMPTY_LINES = re.compile(r"\n{3,}")
# Typographic ligatures such as ﬁ and ﬂ, which nobody types into a search.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


def read_pages(file, extension):
    """
    Job: read the text of a file.

    Lines are kept, with one space between words and at most one empty line between paragraphs.

    :param file: an open, seekable binary file.
    :param extension: the extension of its name, without the dot.
    :returns: a list of strings, MAX_CHARACTERS together at most: one for each page of a PDF, one in all for
        other files.
    :raises UnreadableFile: if the file is damaged.
    :raises UnsupportedFile: if we don't read text from files with this extension.
    """
    kind = readable_kind(extension)
    try:
        file.seek(0)
        pieces = list(bounded(kind.read_text(file)))
    except Exception as error:  # The libraries raise anything, from KeyError to RecursionError.
        raise UnreadableFile(f"{type(error).__name__}: {error}") from error
    return pieces if kind.has_pages else [tidy("\n".join(filter(None, pieces)))[:MAX_CHARACTERS]]


def readable_kind(extension):
    kind = KINDS.get(extension.lower())
    if not kind or not kind.read_text:
        raise UnsupportedFile(extension)
    return kind


def bounded(pieces):
    """Yield the pieces of a text, tidied, until a limit of characters or time is reached."""
    end = time.monotonic() + TIME_LIMIT
    left = MAX_CHARACTERS
    for piece in pieces:
        text = tidy(piece)[:left]
        yield text
        left -= len(text)
        if not left or time.monotonic() > end:
            return


def tidy(text):
    """Remove invisible characters and extra space, and compose characters as people type them."""
    text = INVISIBLE.sub("", LINE_END.sub("\n", text))
    text = SPACE_AT_LINE_END.sub("\n", SPACES.sub(" ", text))
    text = EMPTY_LINES.sub("\n\n", text).strip()
    return unicodedata.normalize("NFC", text.translate(LIGATURES))
