from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from home.files import validation
from home.files.kinds import KINDS, OLD_OFFICE
from home.files.validation import validate_file
from tests.support import factories
from tests.support.files import docx_of, odt_of, xlsx_of

HTML = b"\xef\xbb\xbf<!DOCTYPE html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00"


def archive(*names):
    content = BytesIO()
    with ZipFile(content, "w") as new:
        for name in names:
            new.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (factories.pdf_file(["x"]).read(), "PDF"),
        (docx_of().getvalue(), "docx"),
        (xlsx_of().getvalue(), "xlsx"),
        (odt_of().getvalue(), "odt"),
        ("Día; año".encode("cp1252"), "csv"),
        ("a\tb".encode("utf-16"), "txt"),
        (b"a", "txt"),
    ],
)
def test_files_that_match_their_extension_are_accepted(content, extension):
    validate_file(ContentFile(content), extension)


@pytest.mark.parametrize("extension", KINDS)
@pytest.mark.parametrize("content", [HTML, PROGRAM, b"", archive("a"), archive("word/vbaProject.bin")])
def test_files_that_do_not_match_their_extension_are_refused(content, extension):
    with pytest.raises(ValidationError, match=r"save it again|Save it without") as refused:
        validate_file(ContentFile(content), extension)
    assert extension in str(refused.value) or "macros" in str(refused.value)


def test_a_file_with_a_password_is_refused():
    with pytest.raises(ValidationError, match="remove the password"):
        validate_file(ContentFile(OLD_OFFICE + b"x"), "docx")


def test_an_unknown_extension_is_refused():
    with pytest.raises(ValidationError, match=r"\.pages are not accepted.*as PDF"):
        validate_file(ContentFile(b"x"), "pages")


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(validation, "MAX_UNPACKED", 10)
    with pytest.raises(ValidationError):
        validate_file(ContentFile(docx_of().getvalue()), "docx")


def test_a_word_file_with_macros_is_refused():
    content = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
    with pytest.raises(ValidationError, match="macros"):
        validate_file(ContentFile(content), "docx")
