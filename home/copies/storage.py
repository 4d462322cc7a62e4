"""The folder with the files of copies. No address leads into it."""

import errno
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

# Bytes of the disk that copies leave free, for all else that the site writes.
SPARE = 1024**3


@deconstructible
class CopiesStorage(FileSystemStorage):
    """Files in DATA_DIR/copies, on the disk of the site even if its media are in a bucket."""

    def __init__(self):
        super().__init__()

    @property
    def base_location(self):
        return settings.DATA_DIR / "copies"

    @property
    def location(self):
        return str(self.base_location)

    def has_room(self):
        folder = self.base_location if self.base_location.exists() else settings.DATA_DIR
        return shutil.disk_usage(folder).free > SPARE

    def _save(self, name, content):
        if not self.has_room():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        try:
            return super()._save(name, content)
        except OSError:
            # The disk is full, for instance. Half a copy is none.
            Path(self.path(name)).unlink(missing_ok=True)
            raise

    def url(self, name):
        raise ValueError("Files of copies have no address of their own.")
