"""Remove the metadata of files of Office and OpenDocument."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from home.files.archives import open_archive
from home.files.errors import Locked, Signed

__all__ = ["without_office_metadata", "without_opendocument_metadata"]

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
    """
    Write an archive again. All parts get the earliest time of the zip format.

    :param part: a function that takes the name and content of a part and returns its new content.
    """
    clean = BytesIO()
    with ZipFile(clean, "w", ZIP_DEFLATED) as new:
        for info in archive.infolist():
            entry = ZipInfo(info.filename)
            entry.compress_type = info.compress_type
            new.writestr(entry, part(info.filename, archive.read(info)))
    return clean.getvalue()
