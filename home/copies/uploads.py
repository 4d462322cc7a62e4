"""Copies that editors upload: what they saved as a PDF, a WACZ file of another program, or a screenshot."""

from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.archives import MAX_UNPACKED
from home.files.child import JobFailed, run_job
from home.files.cleaning import clean_image
from home.files.validation import validate_file

REFUSED = gettext_lazy("Upload a PDF, a WACZ file, or a screenshot as an image (PNG, JPEG or WebP).")


def read_upload(file):
    """
    Return the content to keep of an uploaded file, its extension, and its text. That of a PDF is read later,
    since this may take a minute.

    As in the library, PDFs and images lose what they say about who made them. A WACZ stays as it is.

    :raises ValidationError: if we don't take the file. The message says what to do.
    """
    extension = PurePath(file.name).suffix[1:].lower()
    if file.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        megabytes = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // 1024**2
        raise ValidationError(
            _("This file is too large. The limit is %(most)s MB."), params={"most": megabytes}
        )
    if extension == "pdf":
        return read_pdf(file)
    if extension == "wacz":
        return read_wacz(file)
    if extension in settings.WAGTAILIMAGES_EXTENSIONS:
        return read_screenshot(file)
    raise ValidationError(REFUSED)


def read_pdf(file):
    validate_file(file, "pdf")
    try:
        content = run_job("document", file, extension="pdf").content
    except JobFailed:
        raise ValidationError(_("This PDF is damaged. Save it again, and upload that.")) from None
    return content or read_again(file), "pdf", ""


def read_wacz(file):
    try:
        found = run_job("wacz", file, max_unpacked=MAX_UNPACKED).answer
    except JobFailed:
        found = {"is_valid": False}
    if not found["is_valid"]:
        raise ValidationError(
            _("This WACZ file is damaged, or its contents do not match its own list. Save it again.")
        )
    return read_again(file), "wacz", found["text"]


def read_screenshot(file):
    try:
        kind, clean = clean_image(file)
    except JobFailed:
        raise ValidationError(_("This image is damaged. Save it again as PNG or JPEG.")) from None
    return clean.read(), PurePath(clean.name).suffix[1:].lower() or kind, ""


def read_again(file):
    file.seek(0)
    return file.read()
