"""
The kinds of files that the library takes. To add one, add a row to KINDS.

Nothing here imports Django: settings and the child process that reads files use this table, too.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from home.files import readers, removers

# The signature of the binary formats of Office. New Office files with a password have it as well.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Signatures of files that are not plain text.
BINARY = (b"MZ", b"PK\x03\x04", b"%PDF", b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", OLD_OFFICE)
HTML = (b"<!doctype html", b"<html", b"<script")


def gettext_noop(text):
    """Mark a text for translation."""
    return text


def is_pdf(start):
    return b"%PDF-" in start


def is_opendocument_text(start):
    # The format requires the media type at this offset.
    return start[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text")


def is_plain_text(start):
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return (
        not start.startswith(BINARY)
        and b"\0" not in start
        and not start.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(HTML)
    )


@dataclass(frozen=True)
class FileKind:
    name: str  # In English, to be translated: "This is not a ...".
    has_signature: Callable = bool  # Whether the first bytes of a file are those of this kind.
    parts: tuple = ()  # The parts that an archive of this kind has.
    is_office: bool = False  # Whether Office uses the signature OLD_OFFICE for locked files.
    read_text: Callable | None = None  # Yields pieces of text of an open file.
    has_pages: bool = False  # Whether each piece of text is a page.
    remove_metadata: Callable | None = None  # Returns the content of an open file without metadata.


# By extension, in lower case.
KINDS = {
    "csv": FileKind(name=gettext_noop("CSV file"), has_signature=is_plain_text, read_text=readers.plain_text),
    "docx": FileKind(
        name=gettext_noop("Word file"),
        parts=("[Content_Types].xml", "word/document.xml"),
        is_office=True,
        read_text=readers.docx_paragraphs,
        remove_metadata=removers.without_office_metadata,
    ),
    "odt": FileKind(
        name=gettext_noop("OpenDocument file"),
        has_signature=is_opendocument_text,
        parts=("content.xml", "META-INF/manifest.xml"),
        remove_metadata=removers.without_opendocument_metadata,
    ),
    "pdf": FileKind(
        name=gettext_noop("PDF"),
        has_signature=is_pdf,
        read_text=readers.pdf_pages,
        has_pages=True,
        remove_metadata=removers.without_pdf_metadata,
    ),
    "txt": FileKind(
        name=gettext_noop("plain-text file"), has_signature=is_plain_text, read_text=readers.plain_text
    ),
    "xlsx": FileKind(
        name=gettext_noop("Excel file"),
        parts=("[Content_Types].xml", "xl/workbook.xml"),
        is_office=True,
        read_text=readers.xlsx_rows,
        remove_metadata=removers.without_office_metadata,
    ),
}
