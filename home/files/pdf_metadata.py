"""Remove the metadata of PDFs."""

from io import BytesIO
from itertools import count

from home.files.errors import Locked, MetadataKept, Signed

__all__ = ["without_pdf_metadata"]


def without_pdf_metadata(file):
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject

    reader = PdfReader(file)
    if reader.is_encrypted:
        raise Locked
    if is_signed(reader):
        raise Signed
    writer = PdfWriter(clone_from=reader)
    # Keep the title, which screen readers announce.
    title = reader.metadata and reader.metadata.title
    writer.metadata = {"/Title": title} if title else {}
    for thing in objects_of(writer):
        if isinstance(thing, DictionaryObject):
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                thing.pop(NameObject(name), None)
    # Only cloning a second time drops the objects that nothing refers to any more.
    clean = written(PdfWriter(clone_from=PdfReader(written(writer))))
    if len(PdfReader(clean).pages) != len(reader.pages):
        raise MetadataKept
    return clean.getvalue()


def objects_of(writer):
    """Yield all objects of a PDF, which are numbered from 1."""
    from pypdf.errors import PdfReadError

    for number in count(1):
        try:
            yield writer.get_object(number)
        except PdfReadError:
            continue  # An unused number.
        except IndexError:
            return


def written(writer):
    content = BytesIO()
    writer.write(content)
    return content


def is_signed(reader):
    root = reader.root_object
    form = root.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form else 0
    return bool(int(flags) & 1) or "/Perms" in root
