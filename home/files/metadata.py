"""
Remove the metadata of uploaded files: who made them, where and with what. Runs in the child process.

Some files stay as they are: docs/decisions/0008-uploads-lose-their-metadata.md
"""

from io import BytesIO

from home.files.errors import Locked, MetadataKept, Signed
from home.files.kinds import KINDS


def stored_document(file, extension):
    """Job: return a value of SiteDocument.Details, and the new content, empty if the file stays as it is."""
    try:
        return "none", document_without_metadata(file, extension).read()
    except Signed:
        return "signed", b""
    except Locked:
        return "locked", b""


def document_without_metadata(file, extension):
    """
    Return the file without metadata, as a BytesIO; or the file itself if its kind has none. Equal files have
    equal results.

    :raises MetadataKept: if the metadata cannot be removed.
    """
    remove = KINDS[extension.lower()].remove_metadata
    if not remove:
        return file
    file.seek(0)
    try:
        return BytesIO(remove(file))
    except MetadataKept:
        raise
    except Exception as error:  # The libraries raise anything.
        raise MetadataKept from error
