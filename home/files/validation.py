"""Check that an uploaded file is what its name says."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from home.files.archives import MAX_UNPACKED
from home.files.child import JobFailed, run_job
from home.files.kinds import KINDS, OLD_OFFICE


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
        message = _(
            "This file has a password or is in an old Office format. Open it, remove the password, and "
            "save it as .%(extension)s."
        )
        raise ValidationError(message, params={"extension": extension})
    file.seek(0)
    is_valid = bool(start) and kind.has_signature(start) and has_parts(file, kind.parts)
    file.seek(0)
    if not is_valid:
        message = _(
            "This file is named .%(extension)s but is not a %(kind)s, or it is damaged. Open it in the "
            "program that made it, save it again as .%(extension)s, and try again."
        )
        raise ValidationError(message, params={"extension": extension, "kind": _(kind.name)})


def has_parts(file, parts):
    """Return whether a file is an archive with these parts. Raises ValidationError if it has macros."""
    if not parts:
        return True
    try:
        found = run_job("archive", file, parts=parts, max_unpacked=MAX_UNPACKED).answer
    except JobFailed:
        return False
    if found["has_macros"]:
        raise ValidationError(_("This file has macros, which are programs. Save it without them."))
    return found["has_parts"]
