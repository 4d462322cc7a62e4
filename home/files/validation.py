"""Check that an uploaded file is what its name says."""

import re
from zipfile import is_zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.files.archives import MAX_UNPACKED
from home.files.child import JobFailed, run_job
from home.files.kinds import KINDS, OLD_OFFICE

# What a file can have in it beside what it shows, by the names of `home.files.contents`.
FINDINGS = {
    "attachment": gettext_lazy("another file"),
    "launch": gettext_lazy("a link or command that opens a program or file on the reader’s computer"),
    "media": gettext_lazy("sound, video or a 3D model"),
    "program": gettext_lazy("a program (JavaScript, XFA or macros)"),
    "remote": gettext_lazy("parts that are loaded from another place, such as a template or linked data"),
    "sending": gettext_lazy("a form that sends or fetches data"),
}
LOCKED_OR_OLD = gettext_lazy(
    "This file has a password or is in an old Office format. Open it, remove the password, and "
    "save it as .%(extension)s."
)


def validate_file(file, extension):
    """
    Check the content of an open binary file.

    :raises ValidationError: if we don't take such files, or the content doesn't match the extension. The
        message says what to do.
    """
    extension = extension.lower()
    kind = KINDS.get(extension)
    if not kind:
        message = _(
            "Files of type .%(extension)s are not accepted. Save the file as PDF, Word (.docx), Excel "
            "(.xlsx), OpenDocument (.odt), CSV or plain text, and add that."
        )
        # Wagtail's upload of many files shows the message without escaping it.
        raise ValidationError(message, params={"extension": re.sub(r"\W", "", extension)[:10]})
    file.seek(0)
    start = file.read(1024)
    if kind.is_office and start.startswith(OLD_OFFICE):
        raise ValidationError(LOCKED_OR_OLD, params={"extension": extension})
    file.seek(0)
    is_valid = bool(start) and kind.has_signature(start) and is_nothing_else(file, kind, extension)
    file.seek(0)
    if not is_valid:
        message = _(
            "This file is named .%(extension)s but is not a %(kind)s, or it is damaged. Open it in the "
            "program that made it, save it again as .%(extension)s, and try again."
        )
        raise ValidationError(message, params={"extension": extension, "kind": _(kind.name)})


def is_nothing_else(file, kind, extension):
    """
    Return whether a file with the right beginning is of its kind, and not an archive as well.

    :raises ValidationError: if it does anything beside showing its content.
    """
    if not kind.parts and is_zipfile(file):
        return False
    if not kind.find_active:
        return True
    try:
        checked = run_job("check", file, extension=extension, max_unpacked=MAX_UNPACKED).answer
    except JobFailed:
        return False
    refuse_active(checked["found"], extension)
    return checked["is_valid"]


def refuse_active(found, extension):
    if "password" in found:
        raise ValidationError(_("This file has a password. Save it without one, and upload that."))
    if found:
        message = (
            _("This PDF has in it: %(found)s. Open it, choose Print, “Save as PDF”, and upload the new file.")
            if extension == "pdf"
            else _(
                "This file has in it: %(found)s. Save it without that, or as a PDF, and upload the new file."
            )
        )
        raise ValidationError(message, params={"found": "; ".join(str(FINDINGS[name]) for name in found)})
