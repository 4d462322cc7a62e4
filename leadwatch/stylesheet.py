"""Combine the stylesheets into one, for `runserver`, `collectstatic` and manifests."""

import re
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

STYLESHEET = "css/site.css"
# The order of the cascade. tokens.css comes first because it declares the layers. Entries may be patterns.
SOURCES = [
    *("tokens.css", "reset.css", "base.css", "layout.css"),
    *("components/*.css", "utilities.css", "print.css"),
]
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class StylesheetFinder(BaseFinder):
    """Finds `css/site.css`, which combines the sources. It is written again when a source has changed."""

    def __init__(self):
        self.folder = settings.DATA_DIR / "cache" / "static"
        self.storage = FileSystemStorage(location=self.folder)
        # collectstatic shows this as the location of the file.
        self.storage.prefix = ""

    def find(self, path, find_all=False):
        if path != STYLESHEET:
            return []
        found = self._write()
        return [found] if find_all else found

    def list(self, ignore_patterns):
        self._write()
        yield STYLESHEET, self.storage

    def _write(self):
        text = "\n".join(squeezed(path.read_text()) for path in source_paths())
        target = self.folder / STYLESHEET
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Replace it atomically, since another process may be reading it.
            fresh = target.with_suffix(f".{uuid4()}")
            fresh.write_text(text)
            fresh.replace(target)
        return str(target)


def squeezed(css):
    """Return a stylesheet without comments, indentation and empty lines."""
    return "\n".join(filter(None, (line.strip() for line in COMMENT.sub("", css).splitlines())))


def source_paths():
    """Return the source files in order."""
    folder = Path(finders.find("css/tokens.css")).parent
    return [path for pattern in SOURCES for path in sorted(folder.glob(pattern))]
