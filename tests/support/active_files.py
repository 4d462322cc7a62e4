"""Files that would do more than show their content, made for tests."""

import zlib
from io import BytesIO
from zipfile import ZipFile

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from tests.support import factories
from tests.support.files import docx_of, odt_of, xlsx_of

EXTERNAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf_object(value):
    """Return plain data as the objects of pypdf. A string with a slash is a name."""
    if isinstance(value, PdfObject):
        return value
    if isinstance(value, dict):
        return DictionaryObject({NameObject(name): pdf_object(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return ArrayObject(map(pdf_object, value))
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    raise TypeError(value)


def pdf_with(catalog=None, page=None, change=None):
    """Return a PDF, as bytes, with entries in its catalog and in its first page."""
    writer = PdfWriter(clone_from=PdfReader(factories.pdf_file(["What was said."])))
    for target, entries in ((writer.root_object, catalog), (writer.pages[0], page)):
        for name, value in (entries or {}).items():
            # As an indirect object, like programs do it.
            target[NameObject(name)] = writer._add_object(pdf_object(value))
    if change:
        change(writer)
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def annotated(**annotation):
    entries = {f"/{name}": value for name, value in annotation.items()}
    return pdf_with(page={"/Annots": [{"/Type": "/Annot", "/Rect": [0, 0, 9, 9], "/F": 4} | entries]})


def action(kind, **entries):
    return {"/S": f"/{kind}"} | {f"/{name}": value for name, value in entries.items()}


def stream(**entries):
    made = DecodedStreamObject()
    made.set_data(b"content")
    made.update(pdf_object({f"/{name}": value for name, value in entries.items()}))
    return made


def in_object_stream(number, content):
    """Return a PDF by hand whose catalog refers to an object that only an object stream has."""
    inner = f"{number} 0 {content}".encode()
    packed = zlib.compress(inner)
    first = len(f"{number} 0 ")
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction %d 0 R >>" % number,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
        4: b"<< /Type /ObjStm /N 1 /First %d /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream"
        % (first, len(packed), packed),
    }
    file, places = b"%PDF-1.5\n", {}
    for key, body in objects.items():
        places[key] = len(file)
        file += b"%d 0 obj\n%b\nendobj\n" % (key, body)
    rows = [bytes([0, 0, 0, 0])]
    for key in range(1, 5):
        rows.append(bytes([1]) + places[key].to_bytes(2) + b"\0")
    rows.append(bytes([2]) + (4).to_bytes(2) + b"\0")
    places[6] = len(file)
    rows.append(bytes([1]) + places[6].to_bytes(2) + b"\0")
    table = b"".join(rows)
    head = b"<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>" % len(table)
    file += b"6 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (head, table)
    return file + b"startxref\n%d\n%%%%EOF\n" % places[6]


def with_parts(content, **parts):
    """Return an archive, as bytes, with more parts, or with others of the same name."""
    made = BytesIO()
    with ZipFile(content) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


def related(kind, target, mode="External"):
    relation = f'<Relationship Id="r9" Type="{EXTERNAL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{relation}</Relationships>'


def word(**parts):
    return with_parts(docx_of(), **parts)


def excel(**parts):
    return with_parts(xlsx_of(), **parts)


def word_field(*runs):
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    return word(**{"word/header1.xml": f'<w:hdr xmlns:w="{namespace}"><w:p>{text}</w:p></w:hdr>'})


def opendocument(inner, name="content.xml"):
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("draw", "office", "script", "text")
    )
    content = f'<office:document{spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</office:document>'
    made = BytesIO()
    with ZipFile(odt_of()) as old, ZipFile(made, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return made.getvalue()


JAVASCRIPT = action("JavaScript", JS="app.alert(1)")
SPECIFICATION = {"/Type": "/Filespec", "/F": "a.exe", "/EF": {"/F": stream()}}

# By what it is: the extension, the content, and words of the refusal.
ACTIVE = {
    "JavaScript on opening": ("pdf", pdf_with({"/OpenAction": JAVASCRIPT}), "program"),
    "JavaScript by name": (
        "pdf",
        pdf_with({"/Names": {"/JavaScript": {"/Names": ["a", JAVASCRIPT]}}}),
        "program",
    ),
    "JavaScript on a page": ("pdf", pdf_with(page={"/AA": {"/O": JAVASCRIPT}}), "program"),
    "JavaScript in an annotation": ("pdf", annotated(Subtype="/Link", A=JAVASCRIPT), "program"),
    "JavaScript after another action": (
        "pdf",
        annotated(Subtype="/Link", A=action("Named", N="/NextPage", Next=[JAVASCRIPT])),
        "program",
    ),
    "JavaScript in a form field": (
        "pdf",
        pdf_with({"/AcroForm": {"/Fields": [{"/T": "a", "/FT": "/Tx", "/AA": {"/K": JAVASCRIPT}}]}}),
        "program",
    ),
    "JavaScript in an object stream": (
        "pdf",
        in_object_stream(5, "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        "program",
    ),
    "JavaScript with an escaped name": (
        "pdf",
        in_object_stream(5, "<< /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>"),
        "program",
    ),
    "JavaScript in an encrypted file": (
        "pdf",
        pdf_with({"/OpenAction": JAVASCRIPT}, change=lambda writer: writer.encrypt("", "owner")),
        "program",
    ),
    "JavaScript that only damage reveals": (
        "pdf",
        pdf_with() + b"9 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj",
        "program",
    ),
    "form with programs": ("pdf", pdf_with({"/AcroForm": {"/XFA": stream(), "/Fields": []}}), "program"),
    "command": ("pdf", pdf_with({"/OpenAction": action("Launch", F="cmd.exe")}), "opens a program"),
    "file of the network": (
        "pdf",
        pdf_with({"/OpenAction": action("GoToR", F="\\\\server\\a.pdf", D=[0, "/Fit"])}),
        "opens a program",
    ),
    "link to a file": (
        "pdf",
        annotated(Subtype="/Link", A=action("URI", URI="file:///C:/Windows/cmd.exe")),
        "opens a program",
    ),
    "address on opening": (
        "pdf",
        pdf_with({"/OpenAction": action("URI", URI="https://example.org/")}),
        "loaded",
    ),
    "content in another file": ("pdf", pdf_with({"/Extra": stream(F="other.bin")}), "loaded"),
    "form that sends": (
        "pdf",
        annotated(Subtype="/Widget", FT="/Btn", A=action("SubmitForm", F="https://example.org/")),
        "sends or fetches",
    ),
    "import of data": ("pdf", pdf_with({"/OpenAction": action("ImportData", F="a.fdf")}), "sends or fetches"),
    "attached file": (
        "pdf",
        pdf_with({"/Names": {"/EmbeddedFiles": {"/Names": ["a.exe", SPECIFICATION]}}}),
        "another file",
    ),
    "attached file in a note": (
        "pdf",
        annotated(Subtype="/FileAttachment", FS=SPECIFICATION),
        "another file",
    ),
    "video": ("pdf", annotated(Subtype="/RichMedia"), "sound, video"),
    "PDF with a password": (
        "pdf",
        pdf_with(change=lambda writer: writer.encrypt("x", "y")),
        "has a password",
    ),
    "macro": ("docx", word(**{"word/vbaProject.bin": b"x"}), "program"),
    "macro under another name": (
        "docx",
        word(**{"word/_rels/document.xml.rels": related("vbaProject", "other.dat", "Internal")}),
        "program",
    ),
    "macro sheet": ("xlsx", excel(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "program"),
    "ActiveX": ("docx", word(**{"word/activeX/activeX1.bin": b"x"}), "program"),
    "template of another place": (
        "docx",
        word(**{"word/_rels/settings.xml.rels": related("attachedTemplate", "https://example.org/a.dotm")}),
        "loaded",
    ),
    "template in UTF-16": (
        "docx",
        word(
            **{
                "word/_rels/settings.xml.rels": related("attachedTemplate", "https://example.org/a.dotm")
                .join(['<?xml version="1.0" encoding="UTF-16"?>', ""])
                .encode("utf-16")
            }
        ),
        "loaded",
    ),
    "image of another place": (
        "docx",
        word(**{"word/_rels/document.xml.rels": related("image", "https://example.org/pixel.png")}),
        "loaded",
    ),
    "linked object": (
        "docx",
        word(**{"word/_rels/document.xml.rels": related("oleObject", "https://example.org/a.html!")}),
        "loaded",
    ),
    "link that runs a program": (
        "docx",
        word(**{"word/_rels/document.xml.rels": related("hyperlink", "ms-msdt:/id PCWDiagnostic")}),
        "opens a program",
    ),
    "embedded object": ("docx", word(**{"word/embeddings/oleObject1.bin": b"x"}), "another file"),
    "embedded workbook with a macro": (
        "docx",
        word(**{"word/embeddings/book1.xlsx": excel(**{"xl/vbaProject.bin": b"x"})}),
        "program",
    ),
    "DDE field in pieces": ("docx", word_field("D", "DEAU", "TO cmd /k calc"), "loaded"),
    "data of another workbook": (
        "xlsx",
        excel(**{"xl/externalLinks/_rels/externalLink1.xml.rels": related("externalLinkPath", "a.xlsx")}),
        "loaded",
    ),
    "connection to a database": (
        "xlsx",
        excel(**{"xl/_rels/workbook.xml.rels": related("connections", "connections.xml", "Internal")}),
        "loaded",
    ),
    "OpenDocument macro": ("odt", with_parts(odt_of(), **{"Basic/Standard/Module1.xml": b"x"}), "program"),
    "OpenDocument event": (
        "odt",
        opendocument('<script:event-listener xlink:href="vnd.sun.star.script:a"/>'),
        "program",
    ),
    "OpenDocument image of another place": (
        "odt",
        opendocument('<draw:image xlink:href="https://example.org/pixel.png"/>'),
        "loaded",
    ),
    "OpenDocument link to a program": (
        "odt",
        opendocument('<text:a xlink:href="file:///bin/sh"/>'),
        "opens a program",
    ),
}
# Files with what authors use, which must be taken.
HARMLESS = {
    "PDF with a link": ("pdf", annotated(Subtype="/Link", A=action("URI", URI="https://example.org/"))),
    "PDF with a link to its page": ("pdf", pdf_with({"/OpenAction": [{"/Type": "/Page"}, "/Fit"]})),
    "PDF with a form": ("pdf", pdf_with({"/AcroForm": {"/Fields": [{"/T": "name", "/FT": "/Tx"}]}})),
    "PDF with empty lists": ("pdf", pdf_with({"/Names": {"/EmbeddedFiles": {"/Names": []}}})),
    "PDF that nobody may change": ("pdf", pdf_with(change=lambda writer: writer.encrypt("", "owner"))),
    "Word file with a link": (
        "docx",
        word(**{"word/_rels/comments.xml.rels": related("hyperlink", "https://example.org/")}),
    ),
    "Word file with a chart": ("docx", word(**{"word/embeddings/book1.xlsx": xlsx_of().getvalue()})),
    "Word file with page numbers": ("docx", word_field("PAGE", " HYPERLINK ", "https://example.org")),
    "OpenDocument file with a link": ("odt", opendocument('<text:a xlink:href="https://example.org/"/>')),
    "OpenDocument file with an image": ("odt", opendocument('<draw:image xlink:href="Pictures/1.png"/>')),
}
