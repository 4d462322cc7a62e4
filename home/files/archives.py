"""Zip archives: files of Office and OpenDocument."""

from zipfile import ZipFile

from home.files.errors import TooLarge

# Limits of bytes and parts: a few kilobytes can unpack to gigabytes. ZipFile reads no more of a part than the
# size that the archive states.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 10_000


def open_archive(file, max_unpacked=MAX_UNPACKED):
    """Open a ZipFile. Raises TooLarge if it has too many parts or unpacks to too many bytes."""
    archive = ZipFile(file)
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > max_unpacked:
        raise TooLarge("megabytes", max_unpacked // 1024 // 1024)
    return archive
