"""Collect the static files if something about them has changed, since compressing them takes seconds."""

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# It is in STATIC_ROOT, and holds a fingerprint of the sources, and the sizes of what was made from them.
MARK = "collected.json"
# What turns sources into static files.
MAKERS = ("django", "whitenoise", "brotli")


def collect(announce):
    """
    Do what `collectstatic` does, unless it is done already.

    :param announce: called with words before the work begins.
    """
    found = sources()
    print_of_sources = fingerprint(found)
    root = Path(settings.STATIC_ROOT)
    if is_collected(root, print_of_sources):
        return
    announce("Collecting the static files.")
    (root / MARK).unlink(missing_ok=True)
    for name in found:
        # `collectstatic` would keep it if it is newer than its source, which may be an older package.
        (root / name).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    sizes = {str(path.relative_to(root)): path.stat().st_size for path in root.rglob("*") if path.is_file()}
    (root / MARK).write_text(json.dumps({"sources": print_of_sources, "sizes": sizes}))


def sources():
    """Return the path of each source by its name among the static files. The first finder wins."""
    ignored, found = apps.get_app_config("staticfiles").ignore_patterns, {}
    for finder in get_finders():
        for path, storage in finder.list(ignored):
            name = os.path.join(getattr(storage, "prefix", None) or "", path)
            found.setdefault(name, storage.path(path))
    return found


def fingerprint(found):
    """Return a hash of all that the result depends on."""
    makers = [settings.STORAGES["staticfiles"], settings.STATIC_URL, *map(version, MAKERS)]
    digest = hashlib.sha256(repr(makers).encode())
    for name, path in sorted(found.items()):
        content = Path(path).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_collected(root, print_of_sources):
    """Return whether the static files were made from these sources, and are there to their last byte."""
    try:
        mark = json.loads((root / MARK).read_text())
        there = {name: (root / name).stat().st_size for name in mark["sizes"]}
    except (OSError, ValueError):
        return False
    return mark == {"sources": print_of_sources, "sizes": there}
