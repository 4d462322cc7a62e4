"""The common part of the images and the files of the library."""

from pathlib import PurePath

from home.privacy import hidden_collections


class WithoutMetadata:
    """An image or file that is stored without metadata. Its size and hash are those of the stored file."""

    @property
    def is_open(self):
        """Whether its collection is public."""
        return self.collection_id not in hidden_collections()

    def without_metadata(self, file):
        raise NotImplementedError

    def take_file(self, replace_stored=False):
        """Remove the metadata of a new file, or also of a stored one. Return False if there is none."""
        stored = self.file if self.file and self.file._committed else None
        if not self.file or (stored and not replace_stored):
            return False
        if getattr(self.file.file, "is_without_metadata", False):
            return False
        file = self.file.file
        clean = self.without_metadata(file)
        if clean is not file:
            clean.name = PurePath(clean.name).name
            self.file = clean
            if stored:
                stored.close()
                stored.storage.delete(stored.name)
        self.file.file.is_without_metadata = True
        return True

    def set_file_metadata(self):
        """Remove the metadata, then save size and hash."""
        # Wagtail's view for multiple uploads calls this after it has stored the file.
        self.take_file(replace_stored=True)
        self.measure()

    def save(self, *args, **kwargs):
        if self.take_file():
            self.measure()
        super().save(*args, **kwargs)
