"""Scans are read by tesseract in the background, where it is installed."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from home.files.child import JobResult
from home.files.contents import scans
from home.models import FileText, SiteDocument
from tests.support import factories

pytestmark = pytest.mark.django_db
State = FileText.State
NOTE = "A machine read this file from images of its pages, so some words may be wrong."
# Answers with the size of the image, or fails if it is empty.
STAND_IN = """#!/usr/bin/python3
import sys
if "--list-langs" in sys.argv:
    print("List of available languages in /usr (2):\\neng\\nosd")
else:
    assert sys.argv[1:] == ["stdin", "stdout", "-l", "eng"], sys.argv
    width, height = sys.stdin.buffer.read().split()[1:3]
    if width == b"200":
        sys.exit("broken")
    print(f"A page of {width.decode()} to {height.decode()} was dis-\\ncussed.")
"""


@pytest.fixture
def tesseract(monkeypatch, tmp_path):
    path = tmp_path / "tesseract"
    path.write_text(STAND_IN)
    path.chmod(0o755)
    monkeypatch.setattr(scans, "program", lambda: str(path))


def scan_of(*images, name="scan.pdf"):
    content = BytesIO()
    images[0].save(content, "PDF", save_all=True, append_images=images[1:])
    return ContentFile(content.getvalue(), name=name)


def blank(width, height=90):
    return Image.new("RGB", (width, height), "white")


def text_of(*images):
    return SiteDocument.objects.create(title="Scan", file=scan_of(*images)).file_text


@pytest.mark.usefixtures("tesseract")
def test_each_page_of_a_scan_is_read_and_marked(client):
    text = text_of(blank(120), blank(200), blank(5000, 3600))
    text.refresh_from_db()
    first, unreadable, large = text.pages
    assert (text.state, first, unreadable) == (State.MACHINE, "A page of 120 to 90 was discussed.", "")
    # A large image is scaled down.
    width, height = (int(word) for word in large.split() if word.isdigit())
    assert 15_000_000 < width * height <= scans.MAX_PIXELS
    page = factories.make_document(file=text.document)
    assert NOTE in client.get(page.url).content.decode()
    assert "was discussed" in page.file_words()


@pytest.mark.usefixtures("tesseract")
def test_a_scan_without_words_is_empty():
    text = text_of(blank(200))
    text.refresh_from_db()
    assert (text.state, any(text.pages)) == (State.EMPTY, False)


def part_scanned():
    """Return a file of five pages: typed, scanned, typed, scanned with a stamp, and damaged."""
    words = ["The board met and heard reports.", "It adjourned." * 4]
    typed, again = PdfReader(factories.pdf_file(words)).pages
    [stamped] = PdfReader(factories.pdf_file(["Page 4"])).pages
    scans_in_it = PdfReader(scan_of(blank(120), blank(130), blank(200))).pages
    writer = PdfWriter()
    for page in typed, scans_in_it[0], again, *scans_in_it[1:]:
        writer.add_page(page)
    writer.pages[3].merge_page(stamped)
    content = BytesIO()
    writer.write(content)
    return SiteDocument.objects.create(
        title="Minutes", file=ContentFile(content.getvalue(), name="minutes.pdf")
    )


@pytest.mark.usefixtures("tesseract")
def test_scanned_pages_among_others_are_read_and_marked(client):
    document = part_scanned()
    text = FileText.objects.get(document=document)
    assert text.state == State.PARTLY
    assert text.pages == [
        "The board met and heard reports.",
        "A page of 120 to 90 was discussed.",
        "It adjourned." * 4,
        "Page 4\nA page of 130 to 90 was discussed.",
        "",
    ]
    page = factories.make_document(file=document)
    assert "A machine read some pages of this file from images" in client.get(page.url).content.decode()


@pytest.mark.usefixtures("tesseract")
def test_a_long_scan_is_read_in_parts(monkeypatch):
    """Check that each part begins where the last one ended, and that a replaced file is not read on."""
    parts = []

    def part(name, file, numbers, program):
        parts.append(numbers)
        return JobResult([f"page {numbers[0]}"])

    monkeypatch.setattr(scans, "MAX_PAGES", 3)
    monkeypatch.setattr("home.models.library.file_text.run_job", part)
    monkeypatch.setattr("home.models.library.file_text.text_of", lambda *args: ["", "", "", ""])
    text = text_of(blank(50))
    text.refresh_from_db()
    assert (parts, text.pages) == ([[0, 1, 2], [1, 2], [2]], ["page 0", "page 1", "page 2", ""])
    assert not FileText.objects.read_scan(text.document, 1)
    FileText.objects.update(file_hash="another")
    assert not FileText.objects.read_scan(text.document, 3)
    assert len(parts) == 3


def test_scans_are_read_once_the_program_is_installed(monkeypatch, request):
    monkeypatch.setattr(scans, "program", lambda: None)
    text = text_of(blank(120))
    mixed = part_scanned().file_text
    # As earlier versions stored it.
    FileText.objects.filter(pk=text.pk).update(pages=[])
    request.getfixturevalue("tesseract")
    call_command("read_file_texts", verbosity=0)
    assert FileText.objects.get(pk=text.pk).state == State.MACHINE
    assert FileText.objects.get(pk=mixed.pk).state == State.PARTLY


@pytest.mark.skipif(not scans.program(), reason="tesseract is not installed")
def test_the_real_program_reads_words_of_a_page_that_was_scanned_sideways():
    image = blank(1600, 400)
    ImageDraw.Draw(image).text((50, 120), "Minutes of the board", "black", ImageFont.load_default(90))
    writer = PdfWriter(clone_from=scan_of(image.rotate(90, expand=True)))
    writer.pages[0].rotate(90)
    content = BytesIO()
    writer.write(content)
    file = ContentFile(content.getvalue(), name="scan.pdf")
    document = SiteDocument.objects.create(title="Scan", file=file)
    assert FileText.objects.get(document=document).pages == ["Minutes of the board"]
