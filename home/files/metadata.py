"""
Pictures and files as they are stored: without what they say of who made them, where and with what.

All of it runs in a child process (`home/files/child.py`), so nothing here needs Django.

Why some files stay as they are: docs/decisions/0008-uploads-lose-their-metadata.md
"""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from home.files.archives import opened

__all__ = [
    "LONGEST_SIDE",
    "REMOVERS",
    "Kept",
    "document_without_metadata",
    "picture_without_metadata",
    "stored_document",
    "stored_picture",
]

# Pixels; no picture in WebP has a longer one.
LONGEST_SIDE = 16_383
# Pillow reads more, some with the help of other programs.
PICTURE_FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")


class Kept(Exception):
    """The details of a file stay in it, since it cannot be written anew."""


class Signed(Kept):
    """Somebody signed it, and the signature would be void."""


class Locked(Kept):
    """It is encrypted."""


def stored_picture(file, most_pixels):
    """
    Job: the picture as it is to be stored, unless it has more pixels than we take.

    :param most_pixels: of all frames together.
    :returns: its format and the numbers of its pixels across, down and in frames; and the bytes, none if it
        is too large.
    """
    from PIL import Image

    # The limit is checked here, so that the person who uploads the picture is told its size.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file, formats=PICTURE_FORMATS) as picture:
        image_format, (width, height) = picture.format.lower(), picture.size
        is_small = width <= LONGEST_SIDE and height <= LONGEST_SIDE and width * height <= most_pixels
        # Counting frames may take time.
        frames = getattr(picture, "n_frames", 1) if is_small else 1
    content = b""
    if is_small and width * height * frames <= most_pixels:
        content = picture_without_metadata(file).getvalue()
    return (image_format, width, height, frames), content


def picture_without_metadata(file):
    """
    The same picture, drawn again from its pixels: no GPS position, camera, author or comment is left.

    Orientation is applied before it is forgotten, color profiles and animation are kept.

    :param file: an open image file that Pillow reads.
    :returns: a BytesIO with a file of the same format.
    """
    from PIL import Image, ImageOps, ImageSequence

    file.seek(0)
    picture = Image.open(file, formats=PICTURE_FORMATS)
    options = {"format": picture.format}
    if profile := picture.info.get("icc_profile"):
        options["icc_profile"] = profile
    if picture.format in {"JPEG", "WEBP", "AVIF"}:
        options["quality"] = 90
    if picture.format == "AVIF":
        # Each thread takes memory, and somebody waits.
        options |= {"max_threads": 1, "speed": 8}
    frames = [ImageOps.exif_transpose(frame) for frame in ImageSequence.Iterator(picture)]
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "loop": picture.info.get("loop", 0)}
        if duration := picture.info.get("duration"):
            options["duration"] = duration
    first = frames[0]
    # What Pillow reads into `info` it may write again, so nothing of it stays but which color is none.
    for frame in frames:
        frame.info = {name: value for name, value in frame.info.items() if name == "transparency"}
    clean = BytesIO()
    first.save(clean, **options)
    clean.seek(0)
    return clean


def stored_document(file, extension):
    """
    Job: a document as it is to be stored.

    :returns: a value of SiteDocument.Details, and the bytes if they are others.
    """
    try:
        return "none", document_without_metadata(file, extension).read()
    except Signed:
        return "signed", b""
    except Locked:
        return "locked", b""


def document_without_metadata(file, extension):
    """
    The same file without author, program, machine and times. The same bytes give the same bytes.

    :param file: an open file of a kind that the library takes.
    :param extension: the end of its name, such as "pdf".
    :returns: a BytesIO; for kinds of files that hold no details, the file itself.
    :raises Kept: if its details have to stay.
    """
    remove = REMOVERS.get(extension.lower())
    if not remove:
        return file
    file.seek(0)
    try:
        return BytesIO(remove(file))
    except Kept:
        raise
    except Exception as error:  # The libraries raise anything.
        raise Kept from error


def pdf_without_metadata(file):
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject

    reader = PdfReader(file)
    if reader.is_encrypted:
        raise Locked
    if is_signed(reader):
        raise Signed
    writer = PdfWriter(clone_from=reader)
    # Screen readers say the title first.
    title = reader.metadata and reader.metadata.title
    writer.metadata = {"/Title": title} if title else {}
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject):
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                thing.pop(NameObject(name), None)
    # A second copy, since this one would still have what nothing leads to any more.
    clean = written(PdfWriter(clone_from=PdfReader(written(writer))))
    if len(PdfReader(clean).pages) != len(reader.pages):
        raise Kept
    return clean.getvalue()


def written(writer):
    content = BytesIO()
    writer.write(content)
    return content


def is_signed(reader):
    root = reader.root_object
    form = root.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form else 0
    return bool(int(flags) & 1) or "/Perms" in root


def office_without_metadata(file):
    def part(name, content):
        if name == "docProps/core.xml":
            return NO_CORE
        if name == "docProps/app.xml":
            return NO_APP
        if name == "docProps/custom.xml":
            return NO_CUSTOM
        # The folder of whoever saved it, which has a person's name in it.
        return ABSOLUTE_PATH.sub(rb"\1", content) if name == "xl/workbook.xml" else content

    with opened(file) as archive:
        if any(name.startswith("_xmlsignatures/") for name in archive.namelist()):
            raise Signed
        return rewritten(archive, part)


def opendocument_without_metadata(file):
    def part(name, content):
        if name == "meta.xml":
            return NO_META
        return PRINTER.sub(rb"\1", content) if name == "settings.xml" else content

    with opened(file) as archive:
        if "META-INF/documentsignatures.xml" in archive.namelist():
            raise Signed
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Locked
        return rewritten(archive, part)


def rewritten(archive, part):
    """The bytes of an archive whose parts `part` may change; all are as old as the format."""
    clean = BytesIO()
    with ZipFile(clean, "w", ZIP_DEFLATED) as new:
        for info in archive.infolist():
            entry = ZipInfo(info.filename)
            entry.compress_type = info.compress_type
            new.writestr(entry, part(info.filename, archive.read(info)))
    return clean.getvalue()


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

# What takes the details out of an open file, by the extension of its name.
REMOVERS = {
    "docx": office_without_metadata,
    "odt": opendocument_without_metadata,
    "pdf": pdf_without_metadata,
    "xlsx": office_without_metadata,
}
