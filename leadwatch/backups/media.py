"""The media, in a folder or in a bucket."""

from contextlib import suppress

from django.core.files.storage import default_storage


def media_names(folder=""):
    """Yield the names of all files, always in the same order."""
    folders, names = [], []
    # A new site has no folder yet.
    with suppress(FileNotFoundError):
        folders, names = default_storage.listdir(folder)
    yield from (f"{folder}{name}" for name in sorted(filter(None, names)))
    for name in sorted(folders):
        yield from media_names(f"{folder}{name}/")
