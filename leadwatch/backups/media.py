"""The media, in a folder or in a bucket."""

import shutil
from contextlib import suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage


def media_names(folder="", storage=default_storage):
    """Yield the names of all files of a storage, always in the same order."""
    folders, names = [], []
    # A new site has no folder yet.
    with suppress(FileNotFoundError):
        folders, names = storage.listdir(folder)
    yield from (f"{folder}{name}" for name in sorted(filter(None, names)))
    for name in sorted(folders):
        yield from media_names(f"{folder}{name}/", storage)


def are_local():
    return isinstance(default_storage, FileSystemStorage)


def add_missing(folder):
    """Store the files of a folder that the bucket lacks."""
    for path in filter(Path.is_file, folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not default_storage.exists(name):
            with path.open("rb") as file:
                default_storage.save(name, File(file))


def remove_others(folder, aside):
    """Move what the folder doesn't contain from the bucket to another folder."""
    for name in list(media_names()):
        with default_storage.open(name) as stored:
            if is_same(stored, folder / name):
                continue
            stored.seek(0)
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            with (aside / name).open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        default_storage.delete(name)


def is_same(stored, path):
    if not path.is_file() or stored.size != path.stat().st_size:
        return False
    with path.open("rb") as file:
        return all(block == file.read(len(block)) for block in iter(lambda: stored.read(1 << 20), b""))
