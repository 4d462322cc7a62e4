"""Kinds of files that are no files of events, recognized to tell the editor what was sent."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.exchange.formats.limits import UnreadableFile

ZIP = b"PK\x03\x04"
# The name of a part by which an archive can be recognized.
WORKBOOK = b"xl/workbook"
ARCHIVES = {
    b"word/document": gettext_lazy("a Word file"),
    b"ppt/presentation": gettext_lazy("a PowerPoint file"),
    b"opendocument": gettext_lazy("an OpenDocument (LibreOffice) file"),
    b"Index/Document.iwa": gettext_lazy("an Apple Numbers, Pages or Keynote file"),
}
# By the first bytes of a file.
OTHERS = {
    b"%PDF": gettext_lazy("a PDF"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("an old Office file (.xls, .doc), or one with a password"),
    b"\x89PNG": gettext_lazy("an image"),
    b"GIF8": gettext_lazy("an image"),
    b"\xff\xd8\xff": gettext_lazy("an image"),
    b"RIFF": gettext_lazy("an image or a recording"),
    b"{\\rtf": gettext_lazy("a rich text file"),
    b"SQLite": gettext_lazy("a database"),
    b"\x1f\x8b": gettext_lazy("an archive"),
}


def is_workbook(content: bytes) -> bool:
    return content.startswith(ZIP) and WORKBOOK in content


def refuse_other_kinds(content: bytes) -> None:
    """
    Refuse a file that is neither text nor a workbook.

    :raises UnreadableFile: with a message that names the kind of file.
    """
    kind: str | Promise | None
    if content.startswith(ZIP):
        kind = next((words for part, words in ARCHIVES.items() if part in content), _("an archive"))
    else:
        kind = next((words for start, words in OTHERS.items() if content.startswith(start)), None)
    if kind:
        raise unexpected(kind)
    if not content.strip():
        raise UnreadableFile(_("This file is empty."))


def unexpected(kind: str | Promise) -> UnreadableFile:
    """Return the refusal of a kind of file."""
    words = _("This is %(kind)s. Send TimelineJS JSON, a CSV file, or an Excel workbook (.xlsx).")
    return UnreadableFile(words % {"kind": kind})
