"""Scans are read by tesseract in the background, where it is installed."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter

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
    assert (text.state, text.pages) == (State.EMPTY, [])


@pytest.mark.usefixtures("tesseract")
def test_a_long_scan_is_read_in_parts(monkeypatch):
    """Check that each part begins where the last one ended, and that a replaced file is not read on."""
    starts = []

    def part(name, file, start, program):
        starts.append(start)
        return type("Result", (), {"answer": {"pages": [f"page {start}"], "has_more": start < 2}})

    monkeypatch.setattr("home.models.library.file_text.run_job", part)
    monkeypatch.setattr("home.models.library.file_text.text_of", lambda *args: [""])
    text = text_of(blank(50))
    text.refresh_from_db()
    assert (starts, text.pages) == ([0, 1, 2], ["page 0", "page 1", "page 2"])
    assert not FileText.objects.read_scan(text.document, 1)
    FileText.objects.update(file_hash="another")
    assert not FileText.objects.read_scan(text.document, 3)
    assert starts == [0, 1, 2]


def test_scans_are_read_once_the_program_is_installed(monkeypatch, request):
    monkeypatch.setattr(scans, "program", lambda: None)
    text = text_of(blank(120))
    assert (text.state, text.pages) == (State.EMPTY, [])
    request.getfixturevalue("tesseract")
    call_command("read_file_texts", verbosity=0)
    text.refresh_from_db()
    assert text.state == State.MACHINE


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
