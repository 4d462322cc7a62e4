"""
The text of an uploaded file, read from the kinds of files that hold any.

`text_of` reads it in a child process; the rest of this module is what runs there.
"""

import logging
import re
import time
import unicodedata
from itertools import islice

from home.files.archives import MOST_UNPACKED, opened
from home.files.child import JobFailed, run_job
from home.files.encodings import decode

# Of a longer file the beginning is read.
MOST_PAGES = 2_000
MOST_CHARACTERS = 2_000_000
# Seconds, looked at between two pages, paragraphs or rows.
LONGEST_READING = 60
# Of a sheet; Excel has no more, and a row of a higher number would come with as many empty ones before it.
MOST_ROWS = 2**20

LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Control characters, marks without a width, halves of characters, and what only one font has a picture for.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    r"\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]"
)
SPACES = re.compile(r"[^\S\n]+")
SPACE_AT_LINE_END = re.compile(r" ?\n ?")
EMPTY_LINES = re.compile(r"\n{3,}")
HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010\xad][^\S\n]*\n[^\S\n]*([^\W\d_])")
# Letters printed as one, which nobody types into a search: ﬁ, ﬂ and their like.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

# Runs of a paragraph: linked, in a field to fill in, added or moved there by a tracked change; none deleted.
RUNS = "w:r | w:hyperlink//w:r | w:ins//w:r | w:moveTo//w:r | w:sdt/w:sdtContent//w:r | w:smartTag//w:r"
# A text box stands twice in the file, the second time for old programs.
PARAGRAPHS = ".//w:p[not(ancestor::*[local-name() = 'Fallback'])]"

# The library warns of each oddity of a file, which is no news to those who read the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class UnreadableFile(Exception):
    """The file is damaged, locked with a password, or too strange to read."""


class UnsupportedFile(Exception):
    """Files of this kind are not read."""


def text_of(file, extension):
    """
    Read a file as `read_pages` does, in a child process with limits on memory and time.

    :raises UnreadableFile: whatever is wrong with the file, or if it takes too much.
    :raises UnsupportedFile: if no text is read from files with that extension.
    """
    if extension.lower() not in READERS:
        raise UnsupportedFile(extension)
    try:
        pages = run_job("text", file, extension=extension).answer
    except JobFailed as error:
        raise UnreadableFile(f"The file is damaged, or too large to be read: {error}") from error
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise UnreadableFile("The answer is no list of texts.")
    return pages


def read_pages(file, extension):
    """
    The text of a file: for a PDF that of each page, empty for a page without any; for others one in all.

    Lines are kept, with one space between words and at most one empty line between paragraphs.

    :param file: an open file of bytes that can be read from any place.
    :param extension: the end of its name, such as "pdf".
    :returns: a list of strings, of at most 2,000,000 characters together.
    :raises UnreadableFile: whatever is wrong with the file.
    :raises UnsupportedFile: if no text is read from files with that extension.
    """
    extension = extension.lower()
    if extension not in READERS:
        raise UnsupportedFile(extension)
    try:
        file.seek(0)
        pieces = list(bounded(READERS[extension](file)))
    except Exception as error:  # The libraries raise anything, from KeyError to RecursionError.
        raise UnreadableFile(f"{type(error).__name__}: {error}") from error
    return pieces if extension == "pdf" else [tidy("\n".join(filter(None, pieces)))[:MOST_CHARACTERS]]


def bounded(pieces):
    """The pieces of a text, made tidy, until there are too many characters or reading took too long."""
    end = time.monotonic() + LONGEST_READING
    left = MOST_CHARACTERS
    for piece in pieces:
        text = tidy(piece)[:left]
        yield text
        left -= len(text)
        if not left or time.monotonic() > end:
            return


def tidy(text):
    """The same words without what nobody sees, composed as they are typed, with no more space than needed."""
    text = UNSEEN.sub("", LINE_END.sub("\n", text))
    text = SPACE_AT_LINE_END.sub("\n", SPACES.sub(" ", text))
    text = EMPTY_LINES.sub("\n\n", text).strip()
    return unicodedata.normalize("NFC", text.translate(LIGATURES))


# Each reader imports its own library, so that the child process starts fast.


def pdf_pages(file):
    """The text of each page. A page that cannot be read counts as empty, unless no page can."""
    from pypdf import PdfReader

    problem, found = None, False
    # A file that is locked for changes alone opens with an empty password, which the library tries by itself.
    for page in islice(PdfReader(file).pages, MOST_PAGES):
        try:
            text = with_whole_words(page.extract_text())
        except Exception as error:
            problem, text = error, ""
        found = found or bool(text)
        yield text
    if problem and not found:
        raise problem


def with_whole_words(text):
    """The text with words put together that were divided at the end of a line."""
    return HYPHEN_AT_LINE_END.sub(lambda match: match[1] if match[1].islower() else match[0], text)


def docx_paragraphs(file):
    """The text of each paragraph in the order of the file, those in tables and text boxes included."""
    import docx

    for paragraph in docx.Document(unpackable(file)).element.body.xpath(PARAGRAPHS):
        yield "".join(run.text for run in paragraph.xpath(RUNS))


def xlsx_rows(file):
    """The values of each row with a space between them, sheet after sheet."""
    import openpyxl

    workbook = openpyxl.load_workbook(unpackable(file), read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        # What a file says of its own size may be wrong, and makes rows of thousands of empty cells.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
            yield " ".join(shown(value) for value in row if value is not None)


def shown(value):
    """The value of a cell in words; a day comes as its midnight."""
    return str(value).removesuffix(" 00:00:00")


def unpackable(file):
    """The same file of packed parts, if they are small enough to unpack."""
    opened(file, MOST_UNPACKED)
    file.seek(0)
    return file


def decoded(file):
    """The text of a file that is nothing but text, in the encodings in which it is saved in practice."""
    yield decode(file.read()).text


# What makes pieces of text of an open file, by the extension of its name.
READERS = {
    "csv": decoded,
    "docx": docx_paragraphs,
    "pdf": pdf_pages,
    "txt": decoded,
    "xlsx": xlsx_rows,
}
