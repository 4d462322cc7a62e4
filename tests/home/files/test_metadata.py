from io import BytesIO
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from PIL import Image
from pypdf import PdfReader

from home.files.child import JobFailed, run_job
from home.files.errors import Locked, Signed
from home.files.images import stored_image
from home.files.kinds import KINDS
from tests.support import factories
from tests.support.files import SECRET, docx_of, locked, odt_of, pdf_of, signed, with_part, xlsx_of


def cleaned(file, extension):
    return BytesIO(KINDS[extension].remove_metadata(file))


def all_parts(file):
    with ZipFile(file) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_pdf_loses_its_metadata_and_keeps_its_text():
    clean = cleaned(pdf_of(), "pdf")
    reader = PdfReader(clean)
    assert reader.pages[0].extract_text() == "What was said."
    assert reader.metadata == {"/Title": "Minutes"}
    assert SECRET.encode() in pdf_of().read()
    assert SECRET.encode() not in clean.read()


@pytest.mark.parametrize(("change", "reason"), [(signed, Signed), (locked, Locked)])
def test_a_signed_or_locked_pdf_is_unchanged(change, reason):
    with pytest.raises(reason):
        cleaned(pdf_of(change), "pdf")


def test_an_unreadable_file_is_unchanged():
    with pytest.raises(JobFailed):
        run_job("document", BytesIO(b"%PDF-1.4 and nothing"), extension="pdf")


@pytest.mark.parametrize(("make", "extension"), [(docx_of, "docx"), (xlsx_of, "xlsx"), (odt_of, "odt")])
def test_an_office_file_loses_its_metadata_and_keeps_its_text(make, extension):
    before = all_parts(make())
    assert SECRET.encode() in before
    clean = all_parts(cleaned(make(), extension))
    assert SECRET.encode() not in clean
    assert b"What was said." in clean


def test_a_cleaned_file_can_be_opened():
    assert docx.Document(cleaned(docx_of(), "docx")).paragraphs[0].text == "What was said."
    assert openpyxl.load_workbook(cleaned(xlsx_of(), "xlsx")).active["A1"].value == "What was said."
    clean = cleaned(odt_of(), "odt").read()
    assert clean[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("content", "extension", "reason"),
    [
        (with_part(docx_of(), "_xmlsignatures/sig1.xml"), "docx", Signed),
        (with_part(odt_of(), "META-INF/documentsignatures.xml"), "odt", Signed),
        (odt_of(b"<encryption-data/>"), "odt", Locked),
    ],
)
def test_a_signed_or_locked_office_file_is_unchanged(content, extension, reason):
    with pytest.raises(reason):
        cleaned(content, extension)


@pytest.mark.parametrize(
    ("make", "extension"), [(pdf_of, "pdf"), (docx_of, "docx"), (xlsx_of, "xlsx"), (odt_of, "odt")]
)
def test_cleaning_is_deterministic_and_idempotent(make, extension):
    file = make()
    content = file.read() if extension == "pdf" else file.getvalue()
    first, second = (cleaned(BytesIO(content), extension).read() for _ in range(2))
    assert first == second
    assert cleaned(BytesIO(first), extension).read() == first


@pytest.mark.django_db
def test_plain_text_is_unchanged():
    assert factories.make_file("a.txt", b"What was said.").file.read() == b"What was said."


@pytest.mark.parametrize(("mode", "format"), [("P", "GIF"), ("P", "PNG"), ("RGB", "PNG")])
def test_transparent_pixels_stay_transparent(mode, format, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    content = BytesIO()
    transparency = 0 if mode == "P" else (0, 0, 0)
    Image.new(mode, (4, 4)).save(content, format, transparency=transparency)
    _facts, clean = stored_image(content, 10_000_000)
    clean = Image.open(BytesIO(clean))
    assert clean.convert("RGBA").getpixel((0, 0))[3] == 0
