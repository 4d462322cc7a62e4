"""Files of all kinds that somebody might try are refused in words, or stored under a harmless name."""

from io import BytesIO
from pathlib import PurePath
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from home.models import SiteDocument
from tests.support import factories
from tests.support.active_files import ACTIVE
from tests.support.files import docx_of, pdf_of
from tests.support.upload_screens import drop, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]


def bomb():
    """Return a Word file, as bytes, of 100 kB that unpacks to more than 100 MB."""
    made = BytesIO(docx_of().getvalue())
    with ZipFile(made, "a", ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", b"0" * 101 * 2**20)
    return made.getvalue()


PDF = pdf_of().read()
REFUSED = [
    ("page.html", lambda: b"<html>", "not accepted"),
    ("drawing.svg", lambda: b"<svg/>", "not accepted"),
    ("program.exe", lambda: b"MZ", "not accepted"),
    ("script.js", lambda: b"alert(1)", "not accepted"),
    ("macros.docm", lambda: docx_of().getvalue(), "not accepted"),
    ("no extension", lambda: PDF, "not accepted"),
    ("minutes.pdf.html", lambda: PDF, "not accepted"),
    ("minutes.pdf\0.html", lambda: PDF, "not accepted"),
    ("fake.pdf", lambda: b"<html>", "is not a PDF"),
    ("program.pdf", lambda: b"MZ" + PDF, "is not a PDF"),
    ("empty.pdf", lambda: b"", "empty"),
    ("script.pdf", lambda: ACTIVE["JavaScript on opening"][1], "program"),
    ("attached.pdf", lambda: ACTIVE["attached file"][1], "another file"),
    ("macros.docx", lambda: ACTIVE["macro"][1], "program"),
    ("large.pdf", lambda: b"%PDF-1.7" + b"\0" * 25 * 2**20, "The maximum is"),
    ("bomb.docx", bomb, "or it is damaged"),
    ("a\r\nSet-Cookie: b=c\r\n.pdf", lambda: PDF, "not accepted"),
    ("page.txt", lambda: b"<html><script>alert(1)</script>", "is not a plain-text file"),
]
TAKEN = [
    "../../etc/passwd.pdf",
    "..\\..\\boot.pdf",
    "/etc/cron.d/x.pdf",
    "<b>.pdf",
]


@pytest.mark.parametrize(("name", "make", "words"), REFUSED)
def test_what_the_library_does_not_take_is_refused_in_words(client, tmp_path, name, make, words):
    file = upload(make(), "x")
    # The name as it is sent, since Django's class for uploads would shorten it.
    file._name = name
    assert words in drop(client, "docs", file)["error_message"]
    assert not SiteDocument.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_leads_nowhere_else(client, tmp_path, name):
    file = upload(PDF, "x")
    file._name = name
    assert drop(client, "docs", file)["success"]
    document = SiteDocument.objects.get()
    assert PurePath(document.file.name).parent == PurePath("documents")
    assert [path.parent for path in tmp_path.rglob("*.pdf")] == [tmp_path / "media" / "documents"]
    factories.make_document(file=document)
    response = client.get(document.url)
    assert response.status_code == 200
    assert "Set-Cookie" not in response
    assert response["Content-Disposition"].startswith("attachment")
    assert not set("\r\n<>/\\") & set(response["Content-Disposition"])


def test_at_least_20_kinds_are_tried():
    assert len(REFUSED) + len(TAKEN) >= 20
