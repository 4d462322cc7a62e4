"""
The kinds of files that the library takes. To add one, add a row to KINDS.

Nothing here imports Django: settings and the child process that reads files use this table, too.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from home.files import readers, removers
from home.files.archives import open_archive
from home.files.contents.office import found_in_office, found_in_opendocument
from home.files.contents.pdf import found_in_pdf
from home.files.contents.wacz import read_pages
from home.files.errors import Locked, Signed

# The signature of the binary formats of Office. New Office files with a password have it as well.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVE = b"PK\x03\x04"
# Signatures of files that are not plain text.
BINARY = (
    *(b"MZ", ARCHIVE, b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", OLD_OFFICE),
    *(b"{\\rtf", b"%!", b"#!", b"\x1f\x8b", b"BZh", b"Rar!", b"7z\xbc\xaf", b"\xfd7zXZ", b"!<arch>"),
)
# Some programs look for a PDF anywhere near the beginning, and show markup that comes after other text.
FOREIGN = re.compile(rb"%pdf-|<(?:!doctype|html|script|svg|iframe|body|head)\b")
MARKUP = re.compile(rb"\s*<[a-z!?/]")


def gettext_noop(text):
    """Mark a text for translation."""
    return text


def is_pdf(start):
    return start.startswith(b"%PDF-") and not FOREIGN.search(start[1:].lower())


def is_archive(start):
    return start.startswith(ARCHIVE)


def is_opendocument_text(start):
    # The format requires the media type at this offset.
    return is_archive(start) and start[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text")


def is_plain_text(start):
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", errors="ignore").encode()
    start = start.removeprefix(codecs.BOM_UTF8)
    is_markup = MARKUP.match(start.lower()) or FOREIGN.search(start.lower())
    return not is_markup and not start.startswith(BINARY) and b"\0" not in start


@dataclass(frozen=True)
class FileKind:
    name: str  # In English, to be translated: "This is not a ...".
    has_signature: Callable = bool  # Whether the first bytes of a file are those of this kind.
    parts: tuple = ()  # The parts that an archive of this kind has.
    is_office: bool = False  # Whether Office uses the signature OLD_OFFICE for locked files.
    read_text: Callable | None = None  # Yields pieces of text of an open file.
    has_pages: bool = False  # Whether each piece of text is a page.
    # Returns what is in an open file, or archive of `parts`, beside what it shows. See `contents`.
    find_active: Callable | None = None
    remove_metadata: Callable | None = None  # Returns the content of an open file without metadata.


# By extension, in lower case.
KINDS = {
    "csv": FileKind(name=gettext_noop("CSV file"), has_signature=is_plain_text, read_text=readers.plain_text),
    "docx": FileKind(
        name=gettext_noop("Word file"),
        parts=("[Content_Types].xml", "word/document.xml"),
        has_signature=is_archive,
        is_office=True,
        find_active=found_in_office,
        read_text=readers.docx_paragraphs,
        remove_metadata=removers.without_office_metadata,
    ),
    "odt": FileKind(
        name=gettext_noop("OpenDocument file"),
        has_signature=is_opendocument_text,
        parts=("content.xml", "META-INF/manifest.xml"),
        find_active=found_in_opendocument,
        remove_metadata=removers.without_opendocument_metadata,
    ),
    "pdf": FileKind(
        name=gettext_noop("PDF"),
        has_signature=is_pdf,
        find_active=found_in_pdf,
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
        has_signature=is_archive,
        is_office=True,
        find_active=found_in_office,
        read_text=readers.xlsx_rows,
        remove_metadata=removers.without_office_metadata,
    ),
}


def check_contents(file, extension, max_unpacked):
    """Job: return whether a file is of the kind of its extension, and what it does beside showing content."""
    kind = KINDS[extension]
    if not kind.parts:
        return {"is_valid": True, "found": sorted(kind.find_active(file))}
    archive = open_archive(file, max_unpacked)
    names = archive.namelist()
    # Programs differ in what they take for the archive if it begins later, and which of two parts they read.
    is_alone = min(part.header_offset for part in archive.infolist()) == 0
    is_plain = len(set(map(str.lower, names))) == len(names)
    is_valid = is_alone and is_plain and set(names).issuperset(kind.parts)
    return {"is_valid": is_valid, "found": sorted(kind.find_active(archive))}


def read_wacz(file, max_unpacked):
    """Job: see `wacz.read_pages`."""
    return read_pages(open_archive(file, max_unpacked))


def stored_document(file, extension):
    """
    Job: return a value of SiteDocument.Details, and the new content, empty if the file stays as it is.

    Equal files have equal results. The job fails if the metadata cannot be removed.
    """
    try:
        return "none", KINDS[extension].remove_metadata(file)
    except Signed:
        return "signed", b""
    except Locked:
        return "locked", b""
