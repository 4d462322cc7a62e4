"""Whether a file of the library is what its name says, judged by what is in it."""

import codecs
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.archives import MOST_UNPACKED
from home.files.child import JobFailed, run_job

__all__ = ["check_kind"]

# What old programs of Office wrote, and new ones write when a file has a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# With what files begin that are no text, whatever they are called.
NO_TEXT = (b"MZ", b"PK\x03\x04", b"%PDF", b"\x7fELF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", OLD_OFFICE)
PAGES = (b"<!doctype html", b"<html", b"<script")
NAMES = {
    "csv": gettext_lazy("table in plain text"),
    "docx": gettext_lazy("file of Word"),
    "odt": gettext_lazy("file of OpenDocument"),
    "pdf": gettext_lazy("PDF"),
    "txt": gettext_lazy("plain text"),
    "xlsx": gettext_lazy("file of Excel"),
}


def check_kind(file, extension):
    """
    :param file: an open file of bytes.
    :param extension: the end of its name, such as "pdf".
    :raises ValidationError: in words that say what to do, if the file is something else, or nothing we take.
    """
    extension = extension.lower()
    if extension not in CHECKS:
        words = _(
            "Files of the kind .%(extension)s are not taken. Save it as PDF, as Word (.docx), Excel (.xlsx), "
            "OpenDocument (.odt), CSV or plain text, and add that."
        )
        # Wagtail's screen for many files puts the words into the page as they are.
        raise ValidationError(words, params={"extension": re.sub(r"\W", "", extension)[:10]})
    file.seek(0)
    start = file.read(1024)
    if extension in {"docx", "xlsx"} and start.startswith(OLD_OFFICE):
        raise ValidationError(
            _(
                "This file has a password, or is in the old format of Office. Open it, take the password "
                "off, and save it as .%(extension)s."
            ),
            params={"extension": extension},
        )
    file.seek(0)
    right = bool(start) and CHECKS[extension](file, start)
    file.seek(0)
    if not right:
        raise ValidationError(
            _(
                "This file is named .%(extension)s but is no %(kind)s, or it is damaged. Open it in the "
                "program with which it was made, save it again as .%(extension)s, and try once more."
            ),
            params={"extension": extension, "kind": NAMES[extension]},
        )


def is_pdf(file, start):
    return b"%PDF-" in start


def archive_with(*parts):
    """A check that a file is an archive of such parts, of a sensible size, without programs in it."""

    def check(file, start):
        try:
            found = run_job("archive", file, parts=parts, most_unpacked=MOST_UNPACKED).answer
        except JobFailed:
            return False
        if found["has_programs"]:
            raise ValidationError(_("This file has macros, which are programs. Save it without them."))
        return found["has_parts"]

    return check


def is_opendocument(file, start):
    # The standard has the type at this very place.
    is_text = start[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text")
    return is_text and archive_with("content.xml", "META-INF/manifest.xml")(file, start)


def is_text(file, start):
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return (
        not start.startswith(NO_TEXT)
        and b"\0" not in start
        and not start.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(PAGES)
    )


CHECKS = {
    "csv": is_text,
    "docx": archive_with("[Content_Types].xml", "word/document.xml"),
    "odt": is_opendocument,
    "pdf": is_pdf,
    "txt": is_text,
    "xlsx": archive_with("[Content_Types].xml", "xl/workbook.xml"),
}
