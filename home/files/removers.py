"""Remove the metadata of files, one kind at a time. Runs in the child process, without Django."""

import re
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from home.files.archives import open_archive
from home.files.errors import Locked, Signed, UnreadableFile

ABSOLUTE_PATH = re.compile(rb'(<x15ac:absPath\b[^>]*?\burl=")[^"]*')
PRINTER = re.compile(rb'(config:name="Printer(?:Name|Setup)"[^>]*>)[^<]*')
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PROPERTIES = b"http://schemas.openxmlformats.org/officeDocument/2006/"
NO_CORE = (
    HEAD + b"<cp:coreProperties xmlns:cp="
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
NO_APP = HEAD + b'<Properties xmlns="%bextended-properties"/>' % PROPERTIES
NO_CUSTOM = HEAD + b'<Properties xmlns="%bcustom-properties"/>' % PROPERTIES
NO_META = (
    HEAD + b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:version="1.3"><office:meta/></office:document-meta>'
)


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
        raise UnreadableFile("Its pages would be lost.")
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


def without_office_metadata(file):
    def part(name, content):
        if name == "docProps/core.xml":
            return NO_CORE
        if name == "docProps/app.xml":
            return NO_APP
        if name == "docProps/custom.xml":
            return NO_CUSTOM
        # The path of the author's folder, which often has a name in it.
        return ABSOLUTE_PATH.sub(rb"\1", content) if name == "xl/workbook.xml" else content

    with open_archive(file) as archive:
        if any(name.startswith("_xmlsignatures/") for name in archive.namelist()):
            raise Signed
        return rewritten(archive, part)


def without_opendocument_metadata(file):
    def part(name, content):
        if name == "meta.xml":
            return NO_META
        return PRINTER.sub(rb"\1", content) if name == "settings.xml" else content

    with open_archive(file) as archive:
        if "META-INF/documentsignatures.xml" in archive.namelist():
            raise Signed
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Locked
        return rewritten(archive, part)


def rewritten(archive, part):
    """Write an archive again. `part` takes the name and content of a part and returns its new content."""
    clean = BytesIO()
    with ZipFile(clean, "w", ZIP_DEFLATED) as new:
        for info in archive.infolist():
            entry = ZipInfo(info.filename)  # With the earliest time of the zip format.
            entry.compress_type = info.compress_type
            new.writestr(entry, part(info.filename, archive.read(info)))
    return clean.getvalue()
