"""Files that would do more than show their content are refused in words; what authors use is taken."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from home.files import validation
from home.files.child import JobFailed, JobResult
from home.files.contents.links import is_harmful
from home.files.jobs import JOBS
from home.files.validation import validate_file
from tests.support.active_files import ACTIVE, HARMLESS, pdf_with, word
from tests.support.files import odt_of, pdf_of


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """Call the job itself, to save the time of starting a child process for each file."""

    def run_job(name, file, **options):
        try:
            return JobResult(JOBS[name].function(file, **options))
        except Exception as error:
            raise JobFailed from error

    monkeypatch.setattr(validation, "run_job", run_job)


@pytest.mark.parametrize("kind", ACTIVE)
def test_a_file_that_does_more_than_show_its_content_is_refused_in_words(kind):
    extension, content, words = ACTIVE[kind]
    with pytest.raises(ValidationError) as refused:
        validate_file(ContentFile(content), extension)
    (message,) = refused.value.messages
    assert words in message
    if "password" not in message:
        assert ("choose Print" if extension == "pdf" else "or as a PDF") in message


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_file_that_only_shows_its_content_is_taken(kind):
    extension, content = HARMLESS[kind]
    validate_file(ContentFile(content), extension)


PDF = pdf_of().read()
WORD = word()


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("pdf", b"\n" + PDF),
        ("pdf", b"<html><script>" + PDF),
        ("pdf", b"%PDF-1.7 <script>alert(1)</script>\n" + PDF),
        ("pdf", PDF + WORD),
        ("docx", PDF + WORD),
        ("docx", WORD + WORD),
        ("docx", b"MZ" + WORD),
        ("odt", b"x" * 30 + odt_of().getvalue()[30:]),
        ("txt", b"Some words\n" + PDF),
        ("txt", b"Some words\n" + WORD),
        ("txt", b"<svg onload=alert(1)>"),
        ("txt", b"  \n<!-- --><script>"),
        ("txt", b"Words, then <script>alert(1)</script>"),
        ("csv", "<html><script>alert(1)</script>".encode("utf-16")),
        ("txt", b"{\\rtf1 x}"),
        ("txt", b"#!/bin/sh\nrm"),
        ("txt", b"%!PS-Adobe\n"),
    ],
)
def test_a_file_that_is_something_else_as_well_is_refused(extension, content):
    with pytest.raises(ValidationError, match="or it is damaged"):
        validate_file(ContentFile(content), extension)


def test_a_text_may_speak_of_tags_and_programs():
    for text in (b"a < b, and <name@example.org> wrote", b"MZ is short for a name", b"The PK case"):
        validate_file(ContentFile(b"Minutes\n" + text), "txt")


def test_a_damaged_pdf_is_refused():
    with pytest.raises(ValidationError, match="or it is damaged"):
        validate_file(ContentFile(b"%PDF-1.4 and nothing"), "pdf")
    validate_file(ContentFile(pdf_with()), "pdf")


@pytest.mark.parametrize(
    ("address", "harm"),
    [
        ("https://example.org", False),
        ("mailto:a@example.org", False),
        ("minutes.docx", False),
        ("#page2", False),
        ("www.example.org:8080/a", False),
        (b"https://example.org", False),
        (b"java\nscript:alert(1)", True),
        ("vnd.sun.star.script:a", True),
        ("JavaScript:alert(1)", True),
        (" file:///etc/passwd", True),
        ("\\\\server\\share", True),
        ("//server/share", True),
        ("search-ms:query=x", True),
    ],
)
def test_links_that_open_a_program_or_file_are_told_apart(address, harm):
    assert is_harmful(address) == harm
