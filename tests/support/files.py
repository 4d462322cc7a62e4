"""Files of each kind, made for tests."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import docx
import openpyxl
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from tests.support import factories

SECRET = "Planted"


def pdf_of(change=None, **write):
    """Return a PDF with its author in every possible place, after `change` was called on its writer."""
    writer = PdfWriter(clone_from=PdfReader(factories.pdf_file(["What was said."])))
    writer.add_metadata({"/Author": SECRET, "/Producer": SECRET, "/Title": "Minutes"})
    described = DecodedStreamObject()
    described.set_data(f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(described)
    inner = DictionaryObject({NameObject("/Owner"): TextStringObject(SECRET)})
    private = DictionaryObject({NameObject("/Private"): writer._add_object(inner)})
    writer.pages[0][NameObject("/PieceInfo")] = writer._add_object(private)
    if change:
        change(writer)
    content = BytesIO()
    writer.write(content)
    return ContentFile(content.getvalue(), name="minutes.pdf")


def signed(writer):
    form = DictionaryObject({NameObject("/SigFlags"): NumberObject(3)})
    writer.root_object[NameObject("/AcroForm")] = form


def locked(writer):
    writer.encrypt("", "owner")


def docx_of():
    document = docx.Document()
    document.add_paragraph("What was said.")
    document.core_properties.author = document.core_properties.last_modified_by = SECRET
    content = BytesIO()
    document.save(content)
    return content


def word_report(title=""):
    """Return a Word file with a title, a heading, text, a list and a table, and a title in its properties."""
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("A report", 0)
    document.add_heading("Findings", 1)
    document.add_paragraph("Two of 590.")
    document.add_paragraph("a first point", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ["Grant", "Amount", "State", "$200,000"], strict=True):
        cell.text = words
    content = BytesIO()
    document.save(content)
    content.name = "report.docx"
    content.seek(0)
    return content


def xlsx_of():
    book = openpyxl.Workbook()
    book.active.append(["What was said."])
    book.properties.creator = SECRET
    content = BytesIO()
    book.save(content)
    path = b'<x15ac:absPath url="C:\\Users\\Planted\\" xmlns:x15ac="urn:x"/></workbook>'
    return with_part(content, "xl/workbook.xml", lambda old: old.replace(b"</workbook>", path, 1))


def odt_of(manifest=b"<manifest/>"):
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", ZIP_STORED)
        archive.writestr("content.xml", "<text>What was said.</text>")
        archive.writestr("meta.xml", f"<creator>{SECRET}</creator>")
        archive.writestr("settings.xml", f'<item config:name="PrinterName" type="string">{SECRET}</item>')
        archive.writestr("META-INF/manifest.xml", manifest)
    return content


def with_part(file, name, change=None):
    """Return the archive with one part changed or added."""
    content = BytesIO()
    with ZipFile(file) as old, ZipFile(content, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if change and part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, "x")
    return content
